# Part of compiled.pyx: the weights of what stands around a place, twin of nlp.clue_sums.Around.

cdef enum:
    MOST_AROUND = 32  # characters to a side
    LONGEST_WEIGHED = 4  # characters of a run, as nlp.clues.LONGEST_AFFIX
    COLUMNS = 3  # of a weight: right beside, near, anywhere
    END_OF_TEXT = 36  # "$", as nlp.clues._END


cdef class Weighed:
    """Runs of characters, the nearest first, each with its weights."""

    cdef Tree tree
    cdef array weights
    cdef double of_nothing  # where the side is empty
    cdef Py_ssize_t near, count

    def __cinit__(self, dict weights not None, Py_ssize_t near):
        cdef list runs = [run for run in weights if run]
        if any(len(run) > LONGEST_WEIGHED for run in runs):
            raise ValueError("a run is too long")
        self.tree, self.near, self.count = Tree(runs), near, len(runs)
        self.weights = array("d", [weight for run in runs for weight in weights[run]])
        if len(self.weights) != COLUMNS * len(runs):
            raise ValueError("a run has three weights")
        self.of_nothing = weights[""][0] if "" in weights else 0.0

    cdef double _added(self, uint32_t *side, Py_ssize_t size, double total) noexcept nogil:
        """`total` and the weights of a side's runs, each where it stands first."""
        cdef int seen[COLUMNS * MOST_AROUND + LONGEST_WEIGHED]
        cdef Py_ssize_t place, end, known = 0, other
        cdef uint64_t node, key, slot
        cdef int number
        cdef double *weight
        if size == 0:
            return total + self.of_nothing
        for place in range(size):
            node = 0
            for end in range(place, min(size, place + LONGEST_WEIGHED - (place > 0))):
                key = (node << CODE_BITS | side[end]) + 1
                slot = self.tree._place(key)
                if self.tree._keys[slot] == 0:
                    break
                node = self.tree._nexts[slot]
                number = self.tree._words[node] - 1
                if number < 0:
                    continue
                for other in range(known):
                    if seen[other] == number:
                        break
                else:
                    seen[known] = number
                    known += 1
                    weight = self.weights.data.as_doubles + COLUMNS * number
                    if place == 0:
                        total += weight[0]
                    if place < self.near:
                        total += weight[1]
                    total += weight[2]
        return total


cdef class Around:
    """The weights before, behind, and of the sounds there."""

    cdef Weighed before, behind, sounds, echoes
    cdef array heard  # the mark of the sound of each Chinese character
    cdef uint32_t han, han_end
    cdef Py_ssize_t most_before, most_behind

    def __cinit__(
        self, dict before not None, dict behind not None, dict sounds not None, dict echoes not None,
        array heard not None, uint32_t han, tuple reach not None,
    ):
        """`heard` from the character `han` on; `reach`: characters looked at before and behind, and how many are near."""
        self.most_before, self.most_behind, near = reach
        if not (0 < self.most_before <= MOST_AROUND and 0 < self.most_behind < MOST_AROUND and heard.typecode == "I"):
            raise ValueError("reach")
        self.before, self.behind = Weighed(before, near), Weighed(behind, near)
        self.sounds, self.echoes = Weighed(sounds, near), Weighed(echoes, near)
        self.heard, self.han, self.han_end = heard, han, han + <uint32_t> len(heard)

    def sum(self, str text not None, Py_ssize_t start, Py_ssize_t end, double total):
        """`total`, and what stands around the place."""
        cdef uint32_t before[MOST_AROUND]
        cdef uint32_t side[MOST_AROUND]
        cdef Py_ssize_t size = len(text), place, before_count, count
        cdef int kind = PyUnicode_KIND(text)
        cdef void *data = PyUnicode_DATA(text)
        if not 0 <= start <= end <= size:
            raise ValueError("the place is not in the text")
        before_count = min(start, self.most_before)
        for place in range(before_count):
            before[place] = _alike(PyUnicode_READ(kind, data, start - 1 - place))
        count = min(size - end, self.most_behind)
        for place in range(count):
            side[place] = _alike(PyUnicode_READ(kind, data, end + place))
        if end + self.most_behind >= size:
            side[count] = END_OF_TEXT
            count += 1
        total = self.before._added(before, before_count, total)
        total = self.behind._added(side, count, total)
        if self.sounds.count:
            total = self.sounds._added(before, self._hear(before, before_count), total)
        if self.echoes.count:
            total = self.echoes._added(side, self._hear(side, count), total)
        return total

    cdef Py_ssize_t _hear(self, uint32_t *side, Py_ssize_t size) noexcept:
        """Turns a side into what is heard of it, and says how long that is."""
        cdef Py_ssize_t place, count = 0
        cdef uint32_t code
        for place in range(size):
            code = side[place]
            if self.han <= code < self.han_end:
                side[count] = self.heard.data.as_uints[code - self.han]
                count += 1
            elif Py_UNICODE_ISALNUM(code):
                side[count] = code
                count += 1
        return count


cdef inline uint32_t _alike(uint32_t code) noexcept nogil:
    """Figures are all alike."""
    return 48 if 48 <= code <= 57 else code
