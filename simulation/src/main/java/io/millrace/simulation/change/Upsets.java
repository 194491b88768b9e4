package io.millrace.simulation.change;

import io.millrace.simulation.traffic.Station;
import io.millrace.simulation.traffic.Surroundings;

import java.util.SplittableRandom;
import java.util.function.IntFunction;

/// What nobody ordered: links that go down or choke, neighbours that fall silent or change their MAC address.
public final class Upsets {

    private static final long FIRST_NEW_MAC = 0x0200_0000_1000L;

    private final SplittableRandom random;
    private final Surroundings around;
    private final IntFunction<String> ports;
    private final boolean isGentle;
    private int count;
    private long nextMac = FIRST_NEW_MAC;

    /// @param ports upsets a port by a number that was drawn, and says what it did
    /// @param isGentle neighbours mostly change their MAC address, and say so
    public Upsets(SplittableRandom random, Surroundings around, IntFunction<String> ports, boolean isGentle) {
        this.random = random;
        this.around = around;
        this.ports = ports;
        this.isGentle = isGentle;
    }

    public int count() {
        return count;
    }

    /// Draws one and says what it was.
    public String apply(long nowNs) {
        count++;
        Station station = around.stations().get(random.nextInt(around.stations().size()));
        return switch (isGentle && random.nextInt(3) != 0 ? 5 : random.nextInt(6)) {
            case 0, 1 -> ports.apply(random.nextInt(Integer.MAX_VALUE));
            case 2 -> {
                station.isMute(!station.isMute());
                yield station + (station.isMute() ? " falls silent" : " speaks again");
            }
            case 3 -> {
                around.askRouter(station, nowNs);
                yield station + " asks for the router";
            }
            default -> {
                station.mac(nextMac++);
                boolean tells = isGentle || random.nextInt(3) != 0;
                if (tells) around.announce(station, nowNs);
                yield String.format("%s becomes %012x%s", station, station.mac(), tells ? " and says so" : "");
            }
        };
    }
}
