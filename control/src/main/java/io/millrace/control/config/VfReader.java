package io.millrace.control.config;

import io.millrace.dataplane.config.InterfaceRules;
import io.millrace.dataplane.config.NicConfig;
import io.millrace.dataplane.config.VfConfig;
import io.millrace.nic.sim.SimNic;
import io.millrace.packet.document.Document;
import io.millrace.packet.document.DocumentKeys;
import io.millrace.packet.document.DocumentNode;
import io.millrace.packet.document.DocumentProblems;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Tells the entries of `ports` that are about virtual functions: `vm0: { wire: …, nic: nic0, vf: 0 }` is what is
/// plugged into one, `nic0vf0: { addresses: … }` its representor. Both are one port, with the representor's name.
final class VfReader {

    static final DocumentKeys PLUG_KEYS = DocumentKeys.of("wire", "rx", "tx", "loops", "profile", "ring", "device",
        "vnet-hdr", "idle", "nic", "vf", "mac", "mtu", "addresses", "queues", "gro", "gso", "rx-udp-gro-forwarding",
        "gro-flush-timeout", "rx-gro-hw");
    private static final List<String> REPRESENTOR_KEYS = List.of("mtu", "addresses", "queues", "gro", "gso",
        "rx-udp-gro-forwarding", "gro-flush-timeout", "rx-gro-hw");
    private static final DocumentKeys OWN_KEYS = DocumentKeys.of("mac", "mtu", "addresses", "queues", "gro", "gso",
        "rx-udp-gro-forwarding", "gro-flush-timeout", "rx-gro-hw");
    private static final Pattern REPRESENTOR = Pattern.compile("(.+)vf([0-9]{1,2})");
    private static final DocumentNode NOTHING = Document.json("nothing", "{}");

    private final Optional<DocumentNode> entries;
    private final List<NicConfig> nics;
    private final Map<String, String> plugs = new HashMap<>();   // by representor

    /// @param entries the value of `ports`
    /// @param nics    those that could be read
    VfReader(Optional<DocumentNode> entries, List<NicConfig> nics) {
        this.entries = entries.filter(DocumentNode::isObject);
        this.nics = nics;
    }

    /// True of an entry that is read with what is plugged into its virtual function. Throws where nothing is.
    boolean isRepresentor(String name, DocumentNode node) {
        Matcher parts = REPRESENTOR.matcher(name);
        if (!node.isObject() || node.has("wire") || node.has("link") || !parts.matches()) return false;
        boolean isPlugged = entries.isPresent()
            && entries.get().fields().values().stream().anyMatch(each -> name.equals(representorOf(each)));
        boolean isOfNic = nics.stream().anyMatch(nic -> nic.name().equals(parts.group(1)));
        if (!isPlugged && isOfNic) {
            throw node.keyError("nothing is plugged into VF " + parts.group(2) + " of " + parts.group(1),
                "another entry with wire: …, nic: " + parts.group(1) + ", vf: " + parts.group(2));
        }
        return isPlugged;
    }

    /// The representor of an entry's virtual function, or null if it has none that can be told.
    private static String representorOf(DocumentNode entry) {
        boolean isPlug = entry.isObject() && entry.get("nic").filter(nic -> nic.kind() == DocumentNode.Kind.TEXT)
            .isPresent() && entry.get("vf").filter(vf -> vf.kind() == DocumentNode.Kind.NUMBER).isPresent();
        return isPlug ? entry.required("nic").asString() + "vf" + entry.required("vf").asInteger() : null;
    }

    /// Reads what an entry with `vf` says of its virtual function.
    VfConfig plug(String name, DocumentNode node) {
        var mine = new DocumentProblems();
        Optional<String> nic = mine.attempt(() -> node.required("nic").asString());
        DocumentNode number = node.required("vf");
        int vf = mine.attempt(() -> number.asInt(0, SimNic.VFS_MAX - 1)).orElse(0);
        Optional<Long> mac = node.get("mac")
            .flatMap(value -> mine.attempt(() -> value.as(InterfaceRules::parseStationMac)));
        mine.throwIfAny();
        String representor = VfConfig.representor(nic.get(), vf);
        for (String key : REPRESENTOR_KEYS) {
            node.get(key).ifPresent(value -> mine.add(value.keyError("\"" + key + "\" is the representor's",
                "an entry \"" + representor + "\" that has it")));
        }
        String other = plugs.putIfAbsent(representor, name);
        if (other != null) {
            mine.add(number.error("port " + other + " is plugged into VF " + vf + " of " + nic.get() + " already"));
        }
        if (!InterfaceRules.isName(representor)) {
            mine.add(number.error("its representor would be called \"" + representor + "\"", InterfaceRules.NAME_RULE));
        }
        mine.throwIfAny();
        return new VfConfig(vf, name, mac.map(OptionalLong::of).orElse(OptionalLong.empty()));
    }

    /// The entry of a representor; one without members where it has none.
    DocumentNode own(String representor, String plug) {
        Optional<DocumentNode> own = entries.flatMap(all -> all.get(representor));
        if (own.isEmpty()) return NOTHING;
        for (String key : List.of("wire", "link")) {
            own.get().get(key).ifPresent(value -> {
                throw value.keyError("\"" + representor + "\" is the representor of the virtual function that " + plug
                    + " is plugged into", "no wire and no link");
            });
        }
        own.get().object(OWN_KEYS);
        return own.get();
    }
}
