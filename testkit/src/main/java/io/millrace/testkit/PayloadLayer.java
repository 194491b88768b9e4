package io.millrace.testkit;

/// Bytes without a meaning.
public final class PayloadLayer implements Layer {

    private final Layer outer;
    private final byte[] payload;

    PayloadLayer(Layer outer, byte[] payload) {
        this.outer = outer;
        this.payload = payload.clone();
    }

    static byte[] counting(int byteCount) {
        byte[] payload = new byte[byteCount];
        for (int i = 0; i < byteCount; i++) {
            payload[i] = (byte) (i % 251);
        }
        return payload;
    }

    @Override
    public Layer outer() {
        return outer;
    }

    @Override
    public byte[] encode(Layer inner, byte[] rest) {
        return Octets.concat(payload, rest);
    }
}
