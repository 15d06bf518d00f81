"""First numbers of xoshiro128** 1.1, written from the authors' C code (prng.di.unimi.it/xoshiro128starstar.c) alone.

The seed is spread over the four state words by 32-bit splitmix with MurmurHash3's finaliser.

    python3 tests/golden/make-rng.py
"""
import json

MASK = 0xFFFFFFFF


def splitmix32(state):
    while True:
        state = (state + 0x9E3779B9) & MASK
        z = state
        z = ((z ^ (z >> 16)) * 0x85EBCA6B) & MASK
        z = ((z ^ (z >> 13)) * 0xC2B2AE35) & MASK
        yield z ^ (z >> 16)


def rotl(x, k):
    return ((x << k) | (x >> (32 - k))) & MASK


def xoshiro128starstar(seed, count):
    words = splitmix32(seed)
    s = [next(words) for _ in range(4)]
    out = []
    for _ in range(count):
        out.append((rotl((s[1] * 5) & MASK, 7) * 9) & MASK)
        t = (s[1] << 9) & MASK
        s[2] ^= s[0]
        s[3] ^= s[1]
        s[1] ^= s[2]
        s[0] ^= s[3]
        s[2] ^= t
        s[3] = rotl(s[3], 11)
    return out


print(json.dumps({seed: xoshiro128starstar(seed, 6) for seed in (0, 1, 20260101, MASK)}, indent=2))
