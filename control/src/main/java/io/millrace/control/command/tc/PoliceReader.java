package io.millrace.control.command.tc;

import io.millrace.control.command.Words;
import io.millrace.flow.flower.ActionControl;
import io.millrace.flow.flower.FlowerAction;

import java.util.OptionalLong;

/// Reads `police rate RATE burst SIZE [mtu SIZE] [conform-exceed EXCEED[/CONFORM]]`.
final class PoliceReader {

    /// As Linux makes it of tc's rate table where no MTU was given.
    private static final int MTU_BYTES = 2040;
    private static final long BURST_BYTES_MAX = 0xffff_ffffL;

    private final Words words;
    private long rate;
    private long burst;
    private long mtu;
    private String last = "";
    private ActionControl exceed = ActionControl.RECLASSIFY;
    private ActionControl conform = ActionControl.PASS;

    PoliceReader(Words words) {
        this.words = words;
    }

    FlowerAction read() {
        if (!words.hasNext()) TcRefusals.next(words);
        while (words.hasNext() && readOption(words.peek())) { }
        if (rate == 0) {
            throw TcRefusals.badAction("'rate' or 'avrate' or 'mtu' or 'pkts_rate' MUST be specified; 'rate' is "
                + "supported here", "police");
        }
        if (burst == 0) throw TcRefusals.badAction("'burst' requires 'rate'.", "police");
        int mtuBytes = mtu == 0 ? MTU_BYTES : (int) Math.min(Integer.MAX_VALUE, mtu);
        return new FlowerAction.Police(rate, burst, mtuBytes, exceed, conform);
    }

    private boolean readOption(String option) {
        ActionControl plain = ControlReader.plain(option);
        if (plain != null) {
            words.next();
            exceed = plain;
            return true;
        }
        switch (option) {
            case "rate" -> rate = value("rate", TcNumbers.rate(value()));
            case "burst", "buffer", "maxburst" -> burst = value("buffer", TcNumbers.size(value()));
            case "mtu", "minburst" -> mtu = value("mtu", TcNumbers.size(value()));
            case "conform-exceed" -> readConform(value());
            case "goto" -> exceed = new ControlReader(words).read(exceed);
            case "peakrate", "avrate", "pkts_rate", "pkts_burst", "mpu", "overhead", "linklayer" ->
                throw TcRefusals.badAction("police " + option + " is not supported; allowed are rate, burst, mtu and "
                    + "conform-exceed", "police");
            default -> {
                return false;
            }
        }
        return true;
    }

    /// The word behind the option that stands here.
    private String value() {
        words.next();
        last = TcRefusals.next(words);
        return last;
    }

    private long value(String option, OptionalLong read) {
        long value = read.orElseThrow(() -> TcRefusals.argument(last, option));
        if (value <= 0 || value > BURST_BYTES_MAX * (option.equals("rate") ? 1L << 16 : 1)) {
            throw TcRefusals.argument(last, option);
        }
        return value;
    }

    private void readConform(String word) {
        String[] parts = word.split("/", 2);
        exceed = result(parts[0]);
        if (parts.length == 2) conform = result(parts[1]);
    }

    private static ActionControl result(String word) {
        ActionControl control = ControlReader.plain(word);
        if (control == null) throw TcRefusals.badAction("Illegal \"action\": " + ControlReader.ALLOWED, "police");
        return control;
    }
}
