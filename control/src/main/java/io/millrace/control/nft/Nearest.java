package io.millrace.control.nft;

import java.util.Collection;

/// The name that was probably meant.
final class Nearest {

    /// The name with the fewest changes from `wanted`, if those are fewer than its letters; or null.
    static String of(String wanted, Collection<String> names) {
        String best = null;
        int fewest = wanted.length() + 1;
        for (String name : names) {
            int distance = distance(wanted, name);
            if (distance < fewest) {
                fewest = distance;
                best = name;
            }
        }
        return best;
    }

    /// Levenshtein's distance.
    private static int distance(String source, String target) {
        int[] row = new int[target.length() + 1];
        for (int j = 0; j < row.length; j++) row[j] = j;
        for (int i = 1; i <= source.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int above = row[j];
                int change = diagonal + (source.charAt(i - 1) == target.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(change, Math.min(above, row[j - 1]) + 1);
                diagonal = above;
            }
        }
        return row[target.length()];
    }

    private Nearest() {}
}
