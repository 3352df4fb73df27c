# Part of compiled.pyx: words found, and the patterns that they open, twin of nlp.seeker.

cdef array _flat(list lists):
    """The numbers of all lists, one after the other."""
    return array("i", [number for one in lists for number in one])


cdef array _firsts(list lists):
    """Where each list begins among them, and where the last one ends."""
    cdef Py_ssize_t first = 0
    cdef list firsts = [first]
    for one in lists:
        first += len(one)
        firsts.append(first)
    return array("i", firsts)


cdef int _check(array numbers, Py_ssize_t below) except -1:
    """Raises ValueError for a number that no list has: `_see` looks up without asking."""
    for number in numbers:
        if not 0 <= number < below:
            raise ValueError("a number names nothing")
    return 0


cdef class Seeker:
    """Words, their groups, the alternatives that want the groups, and the patterns that these are of."""

    cdef Tree tree
    cdef array groups, groups_from, alternatives, alternatives_from, patterns, wanted, always
    cdef Py_ssize_t said, pattern_count

    def __cinit__(
        self, list words not None, Py_ssize_t said, list groups not None, list alternatives not None,
        list wanted not None, list always not None, Py_ssize_t patterns,
    ):
        """`groups` by word, `alternatives` by group, `wanted` by alternative: its pattern, and how many groups it has.

        The first `said` words are told where they stand.
        """
        if len(groups) != len(words):
            raise ValueError("each word has its groups")
        self.tree, self.said, self.pattern_count = Tree(words), said, patterns
        self.groups, self.groups_from = _flat(groups), _firsts(groups)
        self.alternatives, self.alternatives_from = _flat(alternatives), _firsts(alternatives)
        self.patterns, self.wanted = array("i", [one[0] for one in wanted]), array("i", [one[1] for one in wanted])
        self.always = array("i", always)
        _check(self.groups, len(alternatives))
        _check(self.alternatives, len(wanted))
        _check(self.patterns, patterns)
        _check(self.always, patterns)

    def find(self, str text not None):
        """The words that are told as (number, start, end), by ends and then by starts; the patterns that may match, in order."""
        cdef Py_ssize_t groups = len(self.alternatives_from) - 1, number
        cdef uint8_t *is_seen = NULL
        cdef int *counts = NULL
        cdef list found = []
        cdef Matches kept = _matches()
        try:
            self.tree._search(text, False, &kept)
            if not kept.count:
                return found, list(self.always)
            is_seen = <uint8_t *> _room(groups + self.pattern_count, 1)
            counts = <int *> _room(len(self.wanted), sizeof(int))
            memset(is_seen, 0, groups + self.pattern_count)
            memset(counts, 0, len(self.wanted) * sizeof(int))
            for number in range(kept.count):
                self._see(kept.all[number].number, is_seen, is_seen + groups, counts)
                if kept.all[number].number < self.said:
                    found.append(_told(&kept.all[number]))
            return found, self._opened(is_seen + groups)
        finally:
            PyMem_Free(kept.all)
            PyMem_Free(is_seen)
            PyMem_Free(counts)

    cdef void _see(self, int word, uint8_t *is_seen, uint8_t *is_open, int *counts) noexcept nogil:
        """Notes the groups of a word; every number here was checked when the seeker was made."""
        cdef int place, other, group, alternative
        for place in range(self.groups_from.data.as_ints[word], self.groups_from.data.as_ints[word + 1]):
            group = self.groups.data.as_ints[place]
            if is_seen[group]:
                continue
            is_seen[group] = True
            for other in range(
                self.alternatives_from.data.as_ints[group], self.alternatives_from.data.as_ints[group + 1]
            ):
                alternative = self.alternatives.data.as_ints[other]
                counts[alternative] += 1
                if counts[alternative] == self.wanted.data.as_ints[alternative]:
                    is_open[self.patterns.data.as_ints[alternative]] = True

    cdef list _opened(self, uint8_t *is_open):
        cdef Py_ssize_t number
        for number in range(len(self.always)):
            is_open[self.always.data.as_ints[number]] = True
        return [number for number in range(self.pattern_count) if is_open[number]]
