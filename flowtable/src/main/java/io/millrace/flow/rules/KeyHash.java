package io.millrace.flow.rules;

/// Mixes words of a key. The seed keeps senders from choosing keys that collide.
final class KeyHash {

    private static final int MULTIPLIER = 0x9e3779b1;

    static int of(int[] words, int at, int wordCount, int seed) {
        int hash = seed;
        for (int i = 0; i < wordCount; i++) {
            hash = Integer.rotateLeft((hash ^ words[at + i]) * 0x85ebca6b, 13) * MULTIPLIER;
        }
        hash ^= hash >>> 16;
        hash *= 0xc2b2ae35;
        return hash ^ hash >>> 15;
    }

    private KeyHash() {}
}
