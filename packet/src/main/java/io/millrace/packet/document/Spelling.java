package io.millrace.packet.document;

import java.util.Collection;
import java.util.Locale;

/// Finds what a misspelt word was meant to be.
public final class Spelling {

    /// `, did you mean "X"?` for the candidate nearest to the word, or nothing if none is near.
    public static String suggestion(String word, Collection<String> candidates) {
        String best = null;
        int bestDistance = Integer.MAX_VALUE;
        for (String candidate : candidates) {
            int distance = distance(word.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
            boolean isNear = distance <= Math.max(1, Math.max(word.length(), candidate.length()) / 3)
                && distance < Math.min(word.length(), candidate.length());
            if (isNear && distance < bestDistance) {
                best = candidate;
                bestDistance = distance;
            }
        }
        return best == null ? "" : ", did you mean \"" + best + "\"?";
    }

    /// Insertions, deletions, replacements and swaps of neighbours that turn one word into the other.
    static int distance(String from, String to) {
        int[][] cost = new int[from.length() + 1][to.length() + 1];
        for (int i = 0; i <= from.length(); i++) cost[i][0] = i;
        for (int j = 0; j <= to.length(); j++) cost[0][j] = j;
        for (int i = 1; i <= from.length(); i++) {
            for (int j = 1; j <= to.length(); j++) {
                boolean isSame = from.charAt(i - 1) == to.charAt(j - 1);
                int least = Math.min(cost[i - 1][j] + 1, cost[i][j - 1] + 1);
                least = Math.min(least, cost[i - 1][j - 1] + (isSame ? 0 : 1));
                boolean isSwap = i > 1 && j > 1
                    && from.charAt(i - 1) == to.charAt(j - 2) && from.charAt(i - 2) == to.charAt(j - 1);
                if (isSwap) least = Math.min(least, cost[i - 2][j - 2] + 1);
                cost[i][j] = least;
            }
        }
        return cost[from.length()][to.length()];
    }

    private Spelling() {}
}
