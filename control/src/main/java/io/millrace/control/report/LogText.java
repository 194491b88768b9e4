package io.millrace.control.report;

import io.millrace.dataplane.hook.RuleLog;
import io.millrace.packet.address.Addresses;

import java.util.ArrayList;
import java.util.List;

/// Lines of `log` as Linux writes them to its log (`nf_log_syslog`): prefix, interfaces, MAC header, then the fields of
/// the packet as far as its first bytes were kept.
final class LogText {

    private static final int ETHERNET_BYTES = 14;
    private static final String[] TCP_FLAGS = {"CWR", "ECE", "URG", "ACK", "PSH", "RST", "SYN", "FIN"};

    private final RuleLog.Line line;
    private final StringBuilder text = new StringBuilder();

    private LogText(RuleLog.Line line) {
        this.line = line;
    }

    static List<String> lines(RuleLog log, List<String> interfaceNames) {
        var lines = new ArrayList<String>();
        for (int i = 0; i < log.lineCount(); i++) lines.add(new LogText(log.line(i)).write(interfaceNames));
        return lines;
    }

    private String write(List<String> names) {
        text.append(line.statement().prefix());
        text.append("IN=").append(name(names, line.ingress())).append(" OUT=").append(name(names, line.egress()));
        if (line.ingress() >= 0 && line.l3() >= ETHERNET_BYTES) macHeader();
        int version = has(line.l3(), 1) ? u8(line.l3()) >>> 4 : 0;
        if (version == 4 && has(line.l3(), 20)) {
            ipv4();
        } else if (version == 6 && has(line.l3(), 40)) {
            ipv6();
        }
        if (line.mark() != 0) text.append(" MARK=0x").append(Integer.toHexString(line.mark()));
        return text.toString();
    }

    private static String name(List<String> names, int number) {
        return number < 0 || number >= names.size() ? "" : names.get(number);
    }

    private void macHeader() {
        text.append(" MAC=");
        for (int i = 0; i < ETHERNET_BYTES; i++) {
            text.append(i == 0 ? "" : ":").append(Integer.toHexString(0x100 | u8(i)), 1, 3);
        }
    }

    private void ipv4() {
        int at = line.l3();
        Addresses.appendIpv4(text.append(" SRC="), i32(at + 12));
        Addresses.appendIpv4(text.append(" DST="), i32(at + 16));
        int flags = u16(at + 6);
        text.append(" LEN=").append(u16(at + 2)).append(" TOS=").append(hex(u8(at + 1) & 0x1e))
            .append(" PREC=").append(hex(u8(at + 1) & 0xe0)).append(" TTL=").append(u8(at + 8))
            .append(" ID=").append(u16(at + 4));
        if ((flags & 0x8000) != 0) text.append(" CE");
        if ((flags & 0x4000) != 0) text.append(" DF");
        if ((flags & 0x2000) != 0) text.append(" MF");
        if ((flags & 0x1fff) != 0) text.append(" FRAG:").append(flags & 0x1fff);
        transport(u8(at + 9), at + 4 * (u8(at) & 0xf), (flags & 0x1fff) != 0);
    }

    private void ipv6() {
        int at = line.l3();
        address6(" SRC=", at + 8);
        address6(" DST=", at + 24);
        int first = i32(at);
        text.append(" LEN=").append(u16(at + 4) + 40).append(" TC=").append(first >>> 20 & 0xff)
            .append(" HOPLIMIT=").append(u8(at + 7)).append(" FLOWLBL=").append(first & 0xf_ffff);
        transport(u8(at + 6), at + 40, false);
    }

    private void address6(String label, int at) {
        text.append(label);
        for (int i = 0; i < 16; i += 2) {
            text.append(i == 0 ? "" : ":").append(Integer.toHexString(0x10000 | u16(at + i)), 1, 5);
        }
    }

    private void transport(int protocol, int at, boolean isLaterFragment) {
        switch (protocol) {
            case 6 -> {
                text.append(" PROTO=TCP");
                if (!isLaterFragment && has(at, 20)) tcp(at);
            }
            case 17, 136 -> {
                text.append(protocol == 17 ? " PROTO=UDP" : " PROTO=UDPLITE");
                if (isLaterFragment || !has(at, 8)) return;
                text.append(" SPT=").append(u16(at)).append(" DPT=").append(u16(at + 2)).append(" LEN=")
                    .append(u16(at + 4));
            }
            case 1, 58 -> {
                text.append(protocol == 1 ? " PROTO=ICMP" : " PROTO=ICMPv6");
                if (isLaterFragment || !has(at, 8)) return;
                text.append(" TYPE=").append(u8(at)).append(" CODE=").append(u8(at + 1));
                boolean isEcho = protocol == 1 ? u8(at) == 8 || u8(at) == 0 : u8(at) == 128 || u8(at) == 129;
                if (isEcho) text.append(" ID=").append(u16(at + 4)).append(" SEQ=").append(u16(at + 6));
            }
            default -> text.append(" PROTO=").append(protocol);
        }
    }

    private void tcp(int at) {
        text.append(" SPT=").append(u16(at)).append(" DPT=").append(u16(at + 2)).append(" WINDOW=").append(u16(at + 14))
            .append(" RES=").append(hex((u8(at + 12) & 0xf) << 2));
        for (int i = 0; i < TCP_FLAGS.length; i++) {
            if ((u8(at + 13) << i & 0x80) != 0) text.append(' ').append(TCP_FLAGS[i]);
        }
        text.append(" URGP=").append(u16(at + 18));
    }

    private static String hex(int value) {
        return "0x" + Integer.toHexString(0x100 | value).substring(1).toUpperCase(java.util.Locale.ROOT);
    }

    private boolean has(int at, int byteCount) {
        return at >= 0 && at + byteCount <= line.headBytes();
    }

    private int u8(int at)  { return line.head()[at] & 0xff; }
    private int u16(int at) { return u8(at) << 8 | u8(at + 1); }
    private int i32(int at) { return u16(at) << 16 | u16(at + 2); }
}
