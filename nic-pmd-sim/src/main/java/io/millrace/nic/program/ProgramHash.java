package io.millrace.nic.program;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/// The identity of a program: SHA-256 of its canonical form. Equal hashes are equal code.
///
/// @param text 64 hex digits in lower case
public record ProgramHash(String text) {

    public static final int BYTES = 32;

    private static final int SHORT_DIGITS = 12;
    private static final Pattern DIGITS = Pattern.compile("[0-9a-f]{64}");

    public ProgramHash {
        if (!DIGITS.matcher(text).matches()) throw new IllegalArgumentException("64 hex digits, not " + text);
    }

    /// Of 32 bytes.
    public static ProgramHash of(byte[] hash) {
        return new ProgramHash(HexFormat.of().formatHex(hash));
    }

    /// The hash of a canonical form.
    public static ProgramHash ofCanonical(String canonical) {
        return of(sha256(canonical.getBytes(StandardCharsets.UTF_8)));
    }

    public byte[] bytes() {
        return HexFormat.of().parseHex(text);
    }

    /// Enough to tell two by eye.
    public String shortText() {
        return text.substring(0, SHORT_DIGITS);
    }

    @Override
    public String toString() {
        return text;
    }

    static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
