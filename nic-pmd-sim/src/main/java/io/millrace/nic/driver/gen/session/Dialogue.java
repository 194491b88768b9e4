package io.millrace.nic.driver.gen.session;

import io.millrace.packet.memory.Check;

/// What a client and a server said to each other, in turns: the client, then the server, and again. The bytes of each
/// side stand one behind the other; `clientEnds[i]` says how many of the client's were said by the end of turn i.
///
/// Over TCP the last turn may have nothing from the server, and any from the client. Over UDP there is one request, and
/// `serverEnds` are the ends of the datagrams that answer it.
public record Dialogue(String name, SessionProtocol protocol, int serverPort, byte[] clientBytes, int[] clientEnds,
                       byte[] serverBytes, int[] serverEnds) {

    public static final int COUNT_MAX = 256;
    public static final int TURNS_MAX = 1 << 16;

    public Dialogue {
        clientBytes = clientBytes.clone();
        clientEnds = clientEnds.clone();
        serverBytes = serverBytes.clone();
        serverEnds = serverEnds.clone();
        Check.that(clientEnds.length >= 1 && clientEnds.length <= TURNS_MAX, "turns must be 1 to " + TURNS_MAX,
            clientEnds.length);
        boolean isUdp = protocol == SessionProtocol.UDP;
        Check.that(isUdp ? clientEnds.length == 1 && serverEnds.length >= 1 : clientEnds.length == serverEnds.length,
            "both sides take the same number of turns", serverEnds.length);
        Check.that(clientEnds[clientEnds.length - 1] == clientBytes.length, "the last turn ends with the bytes");
        Check.that(serverEnds[serverEnds.length - 1] == serverBytes.length, "the last turn ends with the bytes");
    }

    public int turnCount() {
        return clientEnds.length;
    }
}
