package io.millrace.packet.parse.graph;

import java.util.List;

/// One header as a parser sees it.
///
/// @param name         a label; `vlan:inner` is a variant of the layer `vlan`
/// @param bytesMin     bytes that must be present before any field is read
/// @param headerLength null: `bytesMin` and the optional fields that are there
/// @param packetLength null: the header does not say where the packet ends
/// @param checks       all must hold
/// @param flagIf       flags to set and go on
/// @param optional     null: none
/// @param tlvs         null: none
/// @param stopIf       flags to set and stop, understood
/// @param isOverlay    the next node begins where this one does
/// @param isEncap      entering this node opens a new record
public record Node(
    String name, int bytesMin, Length headerLength, Length packetLength, List<Condition> checks,
    List<Extraction> metadata, List<Condition> flagIf, OptionalFields optional, TlvOptions tlvs,
    List<Condition> stopIf, Next next, boolean isOverlay, boolean isEncap) {

    public static final int BYTES_MIN_LIMIT = 65_535;
    private static final String FIXED = "min-hdr-length";

    public Node {
        checks = List.copyOf(checks);
        metadata = List.copyOf(metadata);
        flagIf = List.copyOf(flagIf);
        stopIf = List.copyOf(stopIf);
        GraphException.checkRange(FIXED, bytesMin, 0, BYTES_MIN_LIMIT);
        if (headerLength != null) checkWithin("hdr-length", headerLength.field(), bytesMin);
        if (packetLength != null) checkWithin("packet-length", packetLength.field(), bytesMin);
        checkConditions("checks", checks, bytesMin);
        checkConditions("flag-if", flagIf, bytesMin);
        checkConditions("stop-if", stopIf, bytesMin);
        if (optional != null) checkWithin("flag-fields", optional.field(), bytesMin);
        if (next instanceof Next.Dispatch dispatch) checkWithin("next-proto", dispatch.field(), bytesMin);
        for (int i = 0; i < metadata.size(); i++) {
            Extraction extraction = metadata.get(i);
            int fixedBytes = bytesMin;
            GraphRules.under("metadata", i, () -> extraction.checkWithin(fixedBytes, FIXED));
        }
    }

    private static void checkWithin(String member, Field field, int bytesMin) {
        GraphRules.under(member, () -> field.checkWithin(bytesMin, FIXED));
    }

    private static void checkConditions(String member, List<Condition> conditions, int bytesMin) {
        for (int i = 0; i < conditions.size(); i++) {
            Field field = conditions.get(i).field();
            GraphRules.under(member, i, () -> field.checkWithin(bytesMin, FIXED));
        }
    }

    /// True if the node after this one begins further on, whatever the packet.
    public boolean advances() {
        return !isOverlay && bytesMin >= 1;
    }

    /// True if every header of this node is `bytesMin` long.
    public boolean isFixedLength() {
        return headerLength == null && optional == null;
    }

    /// The name of the protocol: the node's name up to a colon, behind which variants of one layer differ.
    public String layer() {
        int colonAt = name.indexOf(':');
        return colonAt < 0 ? name : name.substring(0, colonAt);
    }
}
