# Part of compiled.pyx: the hashed places of a text, twin of nlp.hashed.

cdef void _sort(uint32_t *numbers, uint32_t *spare, Py_ssize_t size) noexcept nogil:
    """Sorts numbers below 2 ** (2 * DIGITS), by their lower bits and then by their upper ones."""
    cdef Py_ssize_t[1 << DIGITS] heads
    cdef Py_ssize_t place, behind, count
    cdef int shift = 0, digit
    while shift < 2 * DIGITS:
        memset(heads, 0, sizeof(heads))
        for place in range(size):
            heads[numbers[place] >> shift & ((1 << DIGITS) - 1)] += 1
        behind = 0
        for digit in range(1 << DIGITS):
            count = heads[digit]
            heads[digit] = behind
            behind += count
        for place in range(size):
            digit = numbers[place] >> shift & ((1 << DIGITS) - 1)
            spare[heads[digit]] = numbers[place]
            heads[digit] += 1
        numbers, spare = spare, numbers
        shift += DIGITS


cdef Py_ssize_t _runs(str text, const uint64_t[::1] factors, int bits, uint32_t *into) except -1:
    """The places of all runs of one to four characters (`nlp.hashed._runs`), and how many they are."""
    cdef Py_ssize_t place, count = 0, size = len(text)
    cdef int kind = PyUnicode_KIND(text), length
    cdef void *data = PyUnicode_DATA(text)
    cdef uint64_t total
    cdef uint64_t[LONGEST_RUN] own
    for length in range(LONGEST_RUN):
        own[length] = factors[length]
    for place in range(size):
        total = 0
        for length in range(min(<Py_ssize_t> LONGEST_RUN, size - place)):
            total = total * own[0] + <uint64_t> PyUnicode_READ(kind, data, place + length) * own[length]
            into[count] = <uint32_t> ((total ^ (total >> 29)) * own[1] >> (64 - bits))
            count += 1
    return count


cdef inline uint32_t _fed(uint32_t register, uint32_t byte, const uint32_t[::1] crc) noexcept:
    return register >> 8 ^ crc[(register ^ byte) & 0xFF]


cdef uint64_t _packed(str word, spelled, const uint32_t[::1] crc, int bits, int longest) except? 0:
    """What is needed of a word in one number (`nlp.hashed._Checksums`): 0 for white space.

    `spelled` says it of a word that may hold a number, which all are one word.
    """
    cdef uint32_t register = 0xFFFFFFFF, code
    cdef uint64_t size = 0
    cdef bint is_blank = True
    cdef Py_UCS4 letter
    for letter in word:
        code = <uint32_t> letter
        if c"0" <= code <= c"9" or code == c"x":
            return spelled(word)
        is_blank = is_blank and letter.isspace()
        if code < 0x80:
            register, size = _fed(register, code, crc), size + 1
            continue
        if code < 0x800:
            register, size = _fed(register, 0xC0 | code >> 6, crc), size + 2
        else:
            if code < 0x10000:
                register, size = _fed(register, 0xE0 | code >> 12, crc), size + 3
            else:
                register, size = _fed(register, 0xF0 | code >> 18, crc), size + 4
                register = _fed(register, 0x80 | code >> 12 & 0x3F, crc)
            register = _fed(register, 0x80 | code >> 6 & 0x3F, crc)
        register = _fed(register, 0x80 | code & 0x3F, crc)
    if is_blank and word:
        return 0
    size = min(size, <uint64_t> longest + 1)
    return (~register & ((<uint32_t> 1 << bits) - 1)) | size << bits | <uint64_t> ~_fed(register, c" ", crc) << (bits + 7)


cdef Py_ssize_t _words(
    list words, spelled, const uint32_t[::1] crc, const uint16_t[::1] steps, int bits, int longest, uint32_t base,
    uint32_t *into,
) except -2:
    """The places of words, and of each with the next (`nlp.hashed._words`); -1: one is too long for the table."""
    cdef Py_ssize_t count = 0
    cdef uint64_t word
    cdef uint32_t place, size, carried, behind = 0, mask = (1 << bits) - 1
    for one in words:
        word = _packed(one, spelled, crc, bits, longest)
        if word == 0:  # white space
            continue
        place, size = word & mask, word >> bits & 0x7F
        into[count] = place + base
        count += 1
        if count > 1:
            if size > <uint32_t> longest:
                return -1
            size <<= 10
            carried = steps[size | behind & 0xFF] ^ steps[size | 1 << 8 | behind >> 8 & 0xFF]
            carried ^= steps[size | 2 << 8 | behind >> 16 & 0xFF] ^ steps[size | 3 << 8 | behind >> 24]
            into[count] = (carried ^ place) + base
            count += 1
        behind = <uint32_t> (word >> (bits + 7))
    return count


def hashed(
    str text not None, list words not None, spelled, const uint64_t[::1] factors not None,
    const uint32_t[::1] crc not None, const uint16_t[::1] steps not None, int run_bits, int word_bits, int longest,
    int64_t[::1] places not None, float[::1] values not None,
):
    """Fills in the places, sorted and each once, and their values; says how many (`nlp.hashed`).

    None: a word is too long. `places` and `values` must have room for four a character and two a word.
    """
    cdef Py_ssize_t count, more, place, distinct = 0, runs = 0
    cdef Py_ssize_t room = LONGEST_RUN * len(text) + 2 * len(words)
    cdef uint32_t base, last = 0xFFFFFFFF
    cdef uint32_t *found
    if not 0 < run_bits < 2 * DIGITS or not 0 < word_bits <= run_bits or places.shape[0] < room or values.shape[0] < room:
        raise ValueError("room")
    base = 1 << run_bits
    found = <uint32_t *> _room(2 * room, sizeof(uint32_t))
    try:
        count = _runs(text, factors, run_bits, found)
        more = _words(words, spelled, crc, steps, word_bits, longest, base, found + count)
        if more < 0:
            return None
        count += more
        _sort(found, found + room, count)
        for place in range(count):
            if found[place] != last:
                last = found[place]
                runs += last < base
                places[distinct] = last
                distinct += 1
        values[:runs] = <float> (1 / sqrt(max(runs, 1)))
        values[runs:distinct] = <float> (1 / sqrt(max(distinct - runs, 1)))
        return distinct
    finally:
        PyMem_Free(found)
