# Part of compiled.pyx: many words found in one pass, twin of the automata of nlp.finder.

cdef struct Match:
    Py_ssize_t start, end
    int number


cdef struct Matches:  # in order of ends, then of starts
    Match *all
    Py_ssize_t count, room


cdef int _keep(Matches *kept, Py_ssize_t start, Py_ssize_t end, int number) except -1:
    """Adds a match, before those that end later: few, and none starts later."""
    cdef Match *larger
    cdef Py_ssize_t place = kept.count
    if kept.count == kept.room:
        larger = <Match *> PyMem_Realloc(kept.all, 2 * kept.room * sizeof(Match))
        if larger == NULL:
            raise MemoryError
        kept.all, kept.room = larger, 2 * kept.room
    while place > 0 and kept.all[place - 1].end > end:
        kept.all[place] = kept.all[place - 1]
        place -= 1
    kept.all[place] = Match(start, end, number)
    kept.count += 1
    return 0


cdef Matches _matches() except *:
    """Room for some; PyMem_Free gives back what it holds."""
    return Matches(<Match *> _room(64, sizeof(Match)), 0, 64)


cdef inline tuple _told(Match *one):
    return (one.number, one.start, one.end)


cdef enum:
    CODE_BITS = 21  # of a character
    PAIR_BITS = 17  # 16 KB: near at hand, and one pair in twenty passes by accident
    SINGLE_BITS = 12


cdef inline uint64_t _mixed(uint64_t key, int bits) noexcept nogil:
    return key * <uint64_t> 0x9E3779B97F4A7C15 >> (64 - bits)


cdef class Tree:
    """Many words as one tree of characters: a search walks down it wherever a text's next two begin a word."""

    cdef int bits  # of a place in the table of keys; a place is never looked up but by a number of so many bits
    cdef array keys, nexts, words, pairs, singles
    cdef uint64_t *_keys  # (node, character) + 1; 0: free
    cdef uint32_t *_nexts  # the node it leads to
    cdef int *_words  # by node: its word's number + 1; 0: none ends here
    cdef uint8_t *_pairs  # bits of two first characters
    cdef uint8_t *_singles  # bits of words of one character

    def __cinit__(self, list words not None):
        cdef Py_ssize_t most = 1 + sum(map(len, words)), number
        cdef uint32_t nodes = 1  # the root is 0
        if most >= 1 << 30:
            raise ValueError("too many words")
        self.bits = (2 * most).bit_length()
        self.keys, self.nexts = array("Q", bytes(8 << self.bits)), array("I", bytes(4 << self.bits))
        self.words = array("i", bytes(4 * most))
        self.pairs, self.singles = array("B", bytes(1 << PAIR_BITS - 3)), array("B", bytes(1 << SINGLE_BITS - 3))
        self._keys, self._nexts = <uint64_t *> self.keys.data.as_ulonglongs, <uint32_t *> self.nexts.data.as_uints
        self._words = self.words.data.as_ints
        self._pairs, self._singles = self.pairs.data.as_uchars, self.singles.data.as_uchars
        for number in range(len(words)):
            nodes = self._add(words[number], <int> number + 1, nodes)

    cdef uint32_t _add(self, str word, int number, uint32_t nodes) except 0:
        """Adds a word to so many nodes, and says how many there are now."""
        cdef uint64_t node = 0, key, place
        cdef Py_UCS4 letter
        if len(word) == 1:
            place = _mixed(<uint64_t> word[0], SINGLE_BITS)
            self._singles[place >> 3] |= 1 << (place & 7)
        elif word:
            place = _mixed(<uint64_t> word[0] << CODE_BITS | <uint64_t> word[1], PAIR_BITS)
            self._pairs[place >> 3] |= 1 << (place & 7)
        for letter in word:
            key = (node << CODE_BITS | <uint64_t> letter) + 1
            place = self._place(key)
            if self._keys[place] == 0:
                self._keys[place], self._nexts[place] = key, nodes
                nodes += 1
            node = self._nexts[place]
        if not word or self._words[node]:
            raise ValueError("a word is empty or stands there twice")
        self._words[node] = number
        return nodes

    cdef uint64_t _place(self, uint64_t key) noexcept nogil:
        """Where a key stands, or would stand; the table is twice as large as what it holds."""
        cdef uint64_t place = _mixed(key, self.bits), mask = (<uint64_t> 1 << self.bits) - 1
        while self._keys[place] != key and self._keys[place] != 0:
            place = (place + 1) & mask
        return place

    cdef bint _may_begin(self, uint64_t first, uint64_t second) noexcept nogil:
        cdef uint64_t pair = _mixed(first << CODE_BITS | second, PAIR_BITS), single = _mixed(first, SINGLE_BITS)
        return (self._pairs[pair >> 3] >> (pair & 7) | self._singles[single >> 3] >> (single & 7)) & 1

    def find(self, str text not None, bint longest):
        """Every word as (number, start, end), in order of ends, then of starts.

        `longest`: from left to right the longest at each place, none within another.
        """
        cdef Matches kept = _matches()
        cdef Py_ssize_t number
        try:
            self._search(text, longest, &kept)
            return [_told(&kept.all[number]) for number in range(kept.count)]
        finally:
            PyMem_Free(kept.all)

    cdef int _search(self, str text, bint longest, Matches *kept) except -1:
        cdef Py_ssize_t start = 0, size = len(text), done
        cdef int kind = PyUnicode_KIND(text)
        cdef void *data = PyUnicode_DATA(text)
        cdef uint32_t first, second = PyUnicode_READ(kind, data, 0) if size else 0
        while start < size:
            first = second
            second = PyUnicode_READ(kind, data, start + 1) if start + 1 < size else 0
            done = 0
            if self._may_begin(first, second):
                done = self._walk(kind, data, start, size, longest, kept)
            start += 1
            if done > start:
                start = done
                second = PyUnicode_READ(kind, data, start) if start < size else 0
        return 0

    cdef Py_ssize_t _walk(
        self, int kind, void *data, Py_ssize_t start, Py_ssize_t size, bint longest, Matches *kept
    ) except -1:
        """Adds the words that begin at a place. With `longest` the longest alone: where it ends, else 0."""
        cdef uint64_t node = 0, key, place
        cdef Py_ssize_t end = start, last = 0
        cdef int number = 0
        while end < size:
            key = (node << CODE_BITS | PyUnicode_READ(kind, data, end)) + 1
            place = self._place(key)
            if self._keys[place] == 0:
                break
            node, end = self._nexts[place], end + 1
            if not self._words[node]:
                continue
            if not longest:
                _keep(kept, start, end, self._words[node] - 1)
            else:
                last, number = end, self._words[node] - 1
        if last:
            _keep(kept, start, last, number)
        return last
