package io.millrace.control.command.ethtool;

import io.millrace.control.command.Answer;
import io.millrace.control.command.Words;
import io.millrace.control.device.PortControl;
import io.millrace.control.live.Refusal;
import io.millrace.control.live.RunningDataplane;
import io.millrace.nic.sim.SimPort;
import io.millrace.nic.sim.mailbox.CommandResult;
import io.millrace.nic.sim.ring.DescriptorRing;

import java.util.HashMap;
import java.util.Map;

import tools.jackson.databind.node.JsonNodeFactory;

/// `ethtool -g` and `-G`. A size between two powers of two becomes the greater, as drivers do it.
final class Rings {

    private final SimPort port;
    private final PortControl control;
    private final RunningDataplane running;

    Rings(PortControl control, RunningDataplane running) {
        this.port = control.port();
        this.control = control;
        this.running = running;
    }

    private int slotsMax() {
        return control.nic().model().limits().ringSlotsMax();
    }

    Answer show(Words words) {
        EthtoolVerb.end(words);
        int rx = port.receiveRingSlots();
        int tx = port.transmitRingSlots();
        if (words.isJson()) {
            return Answer.json(EthtoolVerb.array(port, JsonNodeFactory.instance.objectNode().put("rx-max", slotsMax())
                .put("tx-max", slotsMax()).put("rx", rx).put("tx", tx)));
        }
        return Answer.text("Ring parameters for " + port.name() + ":\nPre-set maximums:\n"
            + text(slotsMax(), slotsMax()) + "Current hardware settings:\n" + text(rx, tx)
            + "RX Buf Len:\t\tn/a\nCQE Size:\t\tn/a\nTX Push:\toff\nTCP data split:\tn/a\n");
    }

    private static String text(int rx, int tx) {
        return "RX:\t\t" + rx + "\nRX Mini:\tn/a\nRX Jumbo:\tn/a\nTX:\t\t" + tx + "\n";
    }

    Answer set(Words words) {
        Map<String, Integer> wanted = new HashMap<>();
        while (words.hasNext()) {
            String key = words.next();
            if (!key.equals("rx") && !key.equals("tx") || !words.hasNext()) throw EthtoolVerb.badCommand();
            wanted.put(key, EthtoolVerb.number(words.next()));
        }
        if (wanted.isEmpty()) throw EthtoolVerb.badCommand();
        int rx = wanted.getOrDefault("rx", port.receiveRingSlots());
        int tx = wanted.getOrDefault("tx", port.transmitRingSlots());
        if (rx > slotsMax() || tx > slotsMax()) {
            throw new Refusal(1, "netlink error: requested ring size exceeds maximum (offset 36)\n"
                + "netlink error: Invalid argument");
        }
        int rxSlots = slots(rx);
        int txSlots = slots(tx);
        if (rxSlots != port.receiveRingSlots()) EthtoolVerb.require(control.carryOut(port.receiveRings(rxSlots)));
        if (txSlots != port.transmitRingSlots()) {
            running.onWorker(0, _ -> {
                port.transmitRings(txSlots);
                return CommandResult.DONE;
            });
        }
        return Answer.DONE;
    }

    private static int slots(int wanted) {
        int slots = Integer.highestOneBit(Math.max(wanted, DescriptorRing.SLOTS_MIN));
        return slots < wanted ? 2 * slots : slots;
    }
}
