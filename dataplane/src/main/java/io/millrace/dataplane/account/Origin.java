package io.millrace.dataplane.account;

/// Why this host made a packet.
public enum Origin {

    ARP_REQUEST("ARP requests"),
    ARP_REPLY("ARP replies"),
    NEIGHBOUR_SOLICITATION("neighbour solicitations"),
    NEIGHBOUR_ADVERTISEMENT("neighbour advertisements"),
    ECHO_REPLY("echo replies"),
    TIMESTAMP_REPLY("ICMP timestamp replies"),
    ICMP_ERROR("ICMP errors"),
    REDIRECT("ICMP redirects"),
    TCP_RESET("TCP resets"),
    RULE_COPY("copies made by rules"),
    FLOWER_MIRROR("copies that flower filters mirror"),
    NIC_COPY("copies that the switch of a NIC makes");

    public static final int COUNT = values().length;

    private final String meaning;

    Origin(String meaning) {
        this.meaning = meaning;
    }

    public String meaning() { return meaning; }
}
