package io.millrace.nic.driver.gen.layer;

/// Where the value of a field comes from if nobody gives one.
public enum FieldRole {
    /// A constant of the protocol or a usual value.
    GIVEN,
    /// There only if it is given; a flag says so.
    OPTIONAL,
    /// What the next layer is.
    NEXT,
    /// Bytes from some place in the layer to the end of the frame.
    LENGTH,
    /// Size of the header in units of its protocol.
    HEADER_LENGTH,
    /// An Internet checksum.
    CHECKSUM,
    /// The CRC32c of SCTP.
    CRC,
    /// 1 if no layer of the same kind follows.
    LAST
}
