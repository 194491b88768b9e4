package io.millrace.control.command.ethtool;

import io.millrace.control.command.Answer;
import io.millrace.control.command.Words;
import io.millrace.control.device.PortControl;
import io.millrace.control.live.Refusal;
import io.millrace.nic.sim.steer.ChannelRules;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

import tools.jackson.databind.node.JsonNodeFactory;

/// `ethtool -l` and `-L` of a port of a NIC: its channels are combined ones, and their number changes under traffic.
final class CombinedChannels {

    private static final Set<String> KEYS = Set.of("rx", "tx", "combined", "other");
    private static final String NONE = "n/a";

    private final PortControl control;

    CombinedChannels(PortControl control) {
        this.control = control;
    }

    Answer show(Words words) {
        EthtoolVerb.end(words);
        int most = control.nic().model().limits().queuesMax();
        int count = control.tables().channelCount();
        if (words.isJson()) {
            return Answer.json(EthtoolVerb.array(control.port(), JsonNodeFactory.instance.objectNode()
                .put("combined-max", most).put("combined", count)));
        }
        return Answer.text("Channel parameters for " + control.port().name() + ":\nPre-set maximums:\n" + text(most)
            + "Current hardware settings:\n" + text(count));
    }

    private static String text(int combined) {
        return "RX:\t\t" + NONE + "\nTX:\t\t" + NONE + "\nOther:\t\t" + NONE + "\nCombined:\t" + combined + "\n";
    }

    Answer set(Words words) {
        Map<String, Integer> wanted = new HashMap<>();
        while (words.hasNext()) {
            String key = words.next();
            if (!KEYS.contains(key)) throw EthtoolVerb.badCommand();
            wanted.put(key, EthtoolVerb.number(EthtoolVerb.word(words)));
        }
        if (wanted.isEmpty()) throw EthtoolVerb.badCommand();
        int now = control.tables().channelCount();
        int count = wanted.getOrDefault("combined", now);
        boolean isSame = count == now
            && KEYS.stream().allMatch(key -> key.equals("combined") || wanted.getOrDefault(key, 0) == 0);
        if (isSame) return Answer.DONE;
        for (String key : KEYS) {
            boolean isAbsent = !key.equals("combined") && wanted.getOrDefault(key, 0) > 0;
            if (isAbsent) throw refused("requested channel count exceeds maximum");
        }
        String refusal = ChannelRules.refusal(control.tables(), control.nic().model().limits(),
            control.steering().numbering(), count);
        if (refusal != null) throw refused(refusal);
        EthtoolVerb.require(control.carryOut(control.steering().channelsCommand(count)));
        return Answer.DONE;
    }

    private static Refusal refused(String why) {
        return new Refusal(1, "netlink error: " + why + " (offset 32)\nnetlink error: Invalid argument");
    }
}
