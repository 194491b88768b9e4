package io.millrace.control.nft;

/// Ends the reading of one command with its error.
final class NftException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient NftError error;

    NftException(String message, Span place) {
        this(message, place, null);
    }

    NftException(String message, Span place, Span related) {
        super(message);
        error = new NftError(message, place, related);
    }

    NftError error() {
        return error;
    }
}
