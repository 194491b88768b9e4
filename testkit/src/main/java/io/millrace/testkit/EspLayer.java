package io.millrace.testkit;

/// The visible part of an encapsulating security payload (RFC 4303); what follows stands for what is encrypted.
public final class EspLayer implements Layer {

    private final Layer outer;
    private final long spi;
    private final long sequence;

    EspLayer(Layer outer, long spi, long sequence) {
        this.outer = outer;
        this.spi = spi;
        this.sequence = sequence;
    }

    @Override
    public Layer outer() {
        return outer;
    }

    @Override
    public byte[] encode(Layer inner, byte[] payload) {
        return new Octets().u32(spi).u32(sequence).bytes(payload).toBytes();
    }

    @Override
    public int ipProtocol() {
        return 50;
    }
}
