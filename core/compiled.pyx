# cython: language_level=3, boundscheck=True, wraparound=False, binding=False
"""Loops over characters, compiled where a machine can: what numpy does in several calls is one pass here.

No rule stands here: tables and numbers are handed in, and each function is the twin of code in Python that says what it
means (named in its docstring). Memory safety: an index that comes from a text goes through a checked view, and what is
written is counted by the same loop that sized it, or checked. See `core.kernels`.
"""

from cpython.array cimport array, clone
from cpython.mem cimport PyMem_Free, PyMem_Malloc, PyMem_Realloc
from cpython.unicode cimport Py_UNICODE_ISALNUM
from libc.math cimport sqrt
from libc.stdint cimport int32_t, int64_t, uint8_t, uint16_t, uint32_t, uint64_t
from libc.string cimport memset

cdef extern from "Python.h":
    int PyUnicode_KIND(object text)
    void *PyUnicode_DATA(object text)
    uint32_t PyUnicode_READ(int kind, void *data, Py_ssize_t place)
    object PyUnicode_FromKindAndData(int kind, const void *codes, Py_ssize_t size)

cdef enum:
    SEVERAL = 0xFFFFFFFE  # as in core.text; what is above it is unknown
    FOUR_BYTES = 4  # PyUnicode_4BYTE_KIND
    LONGEST_RING = 32
    DIGITS = 10  # bits of a place that one pass of the sort looks at: two passes for 20 bits
    LONGEST_RUN = 4  # as in nlp.hashed

cdef array _INTS = array("i")

# The rest of this one module; the names are those of core.kernels.SOURCES.
include "compiled_hashes.pxi"
include "compiled_tree.pxi"
include "compiled_seek.pxi"
include "compiled_clues.pxi"


cdef void *_room(size_t count, size_t size) except NULL:
    """Memory for so many numbers; PyMem_Free gives it back."""
    if count > (<size_t> -1) // 2 // size:
        raise MemoryError
    cdef void *found = PyMem_Malloc(max(1, count * size))
    if found == NULL:
        raise MemoryError
    return found


cdef Py_ssize_t _end(list ends, Py_ssize_t number, Py_ssize_t start, Py_ssize_t size) except -1:
    """Where a text ends that starts there: at a separator within the whole."""
    cdef Py_ssize_t end = ends[number]
    if not 0 <= start <= end < size:
        raise ValueError("ends")
    return end


def folded(str text not None, const uint32_t[::1] table not None):
    """The text with each character replaced by the table's; where a character has no such place, the largest mark met."""
    cdef Py_ssize_t place, size = len(text)
    cdef int kind = PyUnicode_KIND(text)
    cdef void *data = PyUnicode_DATA(text)
    cdef uint32_t code, largest = 0
    cdef uint32_t *codes = <uint32_t *> _room(size, sizeof(uint32_t))
    try:
        for place in range(size):
            code = table[PyUnicode_READ(kind, data, place)]
            codes[place] = code
            largest = max(largest, code)
        return largest if largest >= SEVERAL else PyUnicode_FromKindAndData(FOUR_BYTES, codes, size)
    finally:
        PyMem_Free(codes)


def spread(str text not None, list ends not None, const uint32_t[::1] table not None, spelled):
    """The folded text, where each of its characters came from, and the texts' new ends (`core.text._spread`).

    `spelled` gives the characters for one that folds to none or several.
    """
    cdef Py_ssize_t place, inner, length, number = 0, odd = 0, behind = 0, size = len(text), total = len(text)
    cdef Py_ssize_t next_end = ends[0] if ends else -1
    cdef list parts = [spelled(one) for one in text if table[<Py_UCS4> one] >= SEVERAL]
    cdef list moved = []
    cdef str part
    cdef uint32_t letter
    for part in parts:
        total += len(part) - 1
    cdef array origins = clone(_INTS, total, False)
    cdef uint32_t *codes = <uint32_t *> _room(total, sizeof(uint32_t))
    try:
        for place in range(size):
            if place == next_end:
                moved.append(behind)
                number += 1
                next_end = ends[number] if number < len(ends) else -1
            letter = table[<Py_UCS4> text[place]]
            part = None
            if letter >= SEVERAL:
                part = parts[odd]
                odd += 1
            length = len(part) if part is not None else 1
            if behind + length > total:  # the table was changed meanwhile
                raise ValueError("table")
            for inner in range(length):
                codes[behind] = letter if part is None else <uint32_t> part[inner]
                origins.data.as_ints[behind] = <int> place
                behind += 1
        if behind != total:
            raise ValueError("table")
        return PyUnicode_FromKindAndData(FOUR_BYTES, codes, behind), origins, moved
    finally:
        PyMem_Free(codes)


def surveyed(str text not None, list ends not None, const uint8_t[::1] kinds not None, int letter, int tone, int line_end):
    """All kinds met, the texts with a tone behind a letter, and how many line ends each has (`nlp.bare`)."""
    cdef Py_ssize_t place = 0, end
    cdef int kind = PyUnicode_KIND(text)
    cdef void *data = PyUnicode_DATA(text)
    cdef Py_ssize_t number, size = len(text), lines
    cdef int bits, before, present = 0
    cdef bint is_toned
    cdef list toned = [], counts = []
    for number in range(len(ends)):
        end = _end(ends, number, place, size)
        before = lines = is_toned = 0
        while place < end:
            bits = kinds[PyUnicode_READ(kind, data, place)]
            present |= bits
            lines += (bits & line_end) != 0
            is_toned |= (before & letter) != 0 and (bits & tone) != 0
            before = bits
            place += 1
        place = end + 1  # the separator is of no kind
        counts.append(lines)
        if is_toned:
            toned.append(number)
    return present, toned, counts


def without(str text not None, list ends not None, const uint8_t[::1] kinds not None, int dropped, list silent not None):
    """The text less what is dropped and what stands at the silent places (in order), the places kept, the new ends."""
    cdef Py_ssize_t place, number = 0, left = 0, quiet = 0, size = len(text)
    cdef int kind = PyUnicode_KIND(text)
    cdef void *data = PyUnicode_DATA(text)
    cdef Py_ssize_t next_end = ends[0] if ends else -1, next_silent = silent[0] if silent else -1
    cdef uint32_t code
    cdef list moved = []
    cdef array kept = clone(_INTS, size, False)
    cdef uint32_t *codes = <uint32_t *> _room(size, sizeof(uint32_t))
    try:
        for place in range(size):
            code = PyUnicode_READ(kind, data, place)
            if place == next_end:
                moved.append(left)
                number += 1
                next_end = ends[number] if number < len(ends) else -1
            if place == next_silent:
                quiet += 1
                next_silent = silent[quiet] if quiet < len(silent) else -1
            elif not kinds[code] & dropped:
                codes[left] = code
                kept.data.as_ints[left] = <int> place
                left += 1
        return PyUnicode_FromKindAndData(FOUR_BYTES, codes, left), kept[:left], moved
    finally:
        PyMem_Free(codes)


def signs(
    str text not None, list ends not None, const uint16_t[::1] kinds not None,
    int dial, int digit, int priced, int money, int steps, int widest,
):
    """For each text its kinds, whether it is dialled, and where amounts may begin in it (`nlp.lookout`)."""
    cdef Py_ssize_t place = 0, start, end, number, last = -1, size = len(text)
    cdef int kind = PyUnicode_KIND(text)
    cdef void *data = PyUnicode_DATA(text)
    cdef int bits, behind, present, streak = 0
    cdef Py_ssize_t count = 0  # of what may be digits of a telephone number
    cdef Py_ssize_t[LONGEST_RING] owners  # the texts of the last of them
    cdef list found = [], entry, amounts
    if not 0 < steps < LONGEST_RING:
        raise ValueError("steps")
    for number in range(len(ends)):
        start, end = place, _end(ends, number, place, size)
        present, amounts = 0, []
        entry = [0, False, amounts]
        found.append(entry)
        behind = kinds[PyUnicode_READ(kind, data, place)]
        while place < end:
            bits = behind
            behind = kinds[PyUnicode_READ(kind, data, place + 1)]
            present |= bits
            if bits & digit or (bits & priced and behind & (priced | money)):
                amounts.append(place - start)
            if bits & dial:
                streak = streak + 1 if count and place - last <= widest else 0
                owners[count % LONGEST_RING] = number
                if streak >= steps:
                    found[owners[(count - steps) % LONGEST_RING]][1] = True
                count += 1
                last = place
            place += 1
        entry[0] = present
        place = end + 1
    return found
