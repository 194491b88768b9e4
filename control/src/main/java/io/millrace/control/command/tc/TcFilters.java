package io.millrace.control.command.tc;

import io.millrace.control.command.Answer;
import io.millrace.control.command.Words;
import io.millrace.control.live.Refusal;
import io.millrace.control.live.TrafficControl;
import io.millrace.control.live.TrafficControl.Hook;
import io.millrace.flow.flower.FlowerAction;
import io.millrace.flow.flower.FlowerRefusal;
import io.millrace.flow.flower.block.FlowerBlock;
import io.millrace.flow.flower.block.FlowerEntry;
import io.millrace.flow.flower.block.FlowerRequest;

import java.util.List;
import java.util.OptionalInt;

/// `tc filter`.
final class TcFilters {

    private static final String INGRESS_PARENT = "ffff:fff2";
    private static final String EGRESS_PARENT = "ffff:fff3";

    private final TrafficControl control;
    private final TcPorts ports;
    private final boolean hasStatistics;

    private int port = -1;
    private Hook hook;
    private String hookWord;
    private int priority;
    private int protocol;
    private int handle;
    private int chain;
    private boolean hasChain;
    private String kind;

    TcFilters(TrafficControl control, boolean hasStatistics) {
        this.control = control;
        this.ports = new TcPorts(control.running().ports());
        this.hasStatistics = hasStatistics;
    }

    Answer run(Words words) {
        String verb = words.hasNext() ? words.next() : "show";
        return switch (verb) {
            case "show", "list", "ls" -> show(words);
            case "add" -> put(words, FlowerRequest.Verb.ADD);
            case "replace" -> put(words, FlowerRequest.Verb.REPLACE);
            case "change", "chg" -> put(words, FlowerRequest.Verb.CHANGE);
            case "del", "delete" -> delete(words);
            case "get" -> get(words);
            default -> throw TcRefusals.usage("Command \"" + verb + "\" is unknown, try \"tc filter help\"; "
                + "allowed are add, replace, change, del, show and get.");
        };
    }

    private Answer put(Words words, FlowerRequest.Verb verb) {
        readWords(words);
        if (kind == null) throw TcRefusals.usage("Command line is not complete: the filter's kind, flower, is missing");
        var reader = new FlowerReader(words, protocol, ports).read();
        needDevice();
        FlowerBlock block = block();
        if (reader.actions().stream().anyMatch(FlowerAction.Ct.class::isInstance)) control.needConnections();
        try {
            block.put(new FlowerRequest(verb, chain, priority, protocol, handle, reader.classId(),
                reader.match(protocol), reader.actions(), reader.flags()));
        } catch (FlowerRefusal e) {
            throw TcRefusals.filter(e);
        }
        return block.reason().isEmpty() ? Answer.DONE : Answer.text("Warning: " + block.reason() + ".\n");
    }

    private Answer delete(Words words) {
        readWords(words);
        needDevice();
        try {
            block().remove(chain, priority, protocol, handle);
        } catch (FlowerRefusal e) {
            throw TcRefusals.filter(e);
        }
        return Answer.DONE;
    }

    private Answer get(Words words) {
        readWords(words);
        if (protocol == 0) throw TcRefusals.usage("Must specify filter protocol");
        if (priority == 0) throw TcRefusals.usage("Must specify filter priority");
        if (handle == 0) throw TcRefusals.usage("Must specify filter \"handle\"");
        if (kind == null) throw TcRefusals.usage("Must specify filter type");
        needDevice();
        try {
            FlowerEntry entry = block().get(chain, priority, protocol, handle);
            return answer(words, false, List.of(entry), false);
        } catch (FlowerRefusal e) {
            throw TcRefusals.filter(e);
        }
    }

    private Answer show(Words words) {
        readWords(words);
        needDevice();
        boolean isBoth = hook == null;
        var answer = new FilterListing(control, ports, hasStatistics, hookWord == null);
        if (isBoth) {
            // Without a hook tc asks for the root qdisc's filters, of which there are none; clsact's are listed then.
            return list(words, answer, Hook.INGRESS, Hook.EGRESS);
        }
        return list(words, answer, hook);
    }

    private Answer list(Words words, FilterListing listing, Hook... hooks) {
        for (Hook each : hooks) {
            FlowerBlock block = control.block(port, each);
            if (block == null) continue;
            listing.add(block, hasChain ? block.entries(chain) : block.entries(), each, true);
        }
        return words.isJson() ? Answer.json(listing.json()) : Answer.text(listing.text());
    }

    private Answer answer(Words words, boolean isHookShown, List<FlowerEntry> entries, boolean hasHeads) {
        var listing = new FilterListing(control, ports, hasStatistics, isHookShown);
        listing.add(block(), entries, hook, hasHeads);
        return words.isJson() ? Answer.json(listing.json()) : Answer.text(listing.text());
    }

    private void needDevice() {
        if (port < 0) throw new Refusal(2, "RTNETLINK answers: No such device");
    }

    private FlowerBlock block() {
        if (hook == null) throw TcRefusals.filter("Qdisc not classful");
        FlowerBlock block = control.block(port, hook);
        if (block == null) throw TcRefusals.filter("Parent Qdisc doesn't exists");
        return block;
    }

    /// Everything up to the kind of the filter.
    private void readWords(Words words) {
        while (words.hasNext() && kind == null) {
            String word = words.next();
            switch (word) {
                case "dev" -> port = ports.index(TcRefusals.next(words));
                case "ingress", "egress" -> parent(word, word.equals("ingress") ? Hook.INGRESS : Hook.EGRESS);
                case "parent" -> readParent(TcRefusals.next(words));
                case "pref", "prio", "priority", "preference" ->
                    priority = number(TcRefusals.next(words), 0xffff, "invalid priority value");
                case "protocol", "proto" -> {
                    String name = TcRefusals.next(words);
                    OptionalInt number = TcProtocols.number(name);
                    protocol = number.orElseThrow(() -> TcRefusals.argument(name, "invalid protocol"));
                }
                case "chain" -> {
                    chain = number(TcRefusals.next(words), 0xffff_ffffL, "invalid chain index value");
                    hasChain = true;
                }
                case "handle" -> {
                    String name = TcRefusals.next(words);
                    handle = (int) TcNumbers.number(name, 0xffff_ffffL).orElseThrow(() -> TcRefusals.illegal("handle"));
                }
                case "block" -> throw TcRefusals.text("filter blocks are not shared between ports; name one with dev");
                case "help" -> throw TcRefusals.text(FlowerReader.USAGE);
                default -> kind(word);
            }
        }
    }

    private void kind(String word) {
        if (!word.equals("flower")) throw TcRefusals.filter("TC classifier not found");
        kind = word;
    }

    private static int number(String word, long max, String why) {
        return (int) TcNumbers.number(word, max).orElseThrow(() -> TcRefusals.argument(word, why));
    }

    private void parent(String word, Hook value) {
        if (hook != null) {
            throw new Refusal(255, "Error: duplicate \"" + word + "\": \"" + hookWord + "\" is the first value.");
        }
        hook = value;
        hookWord = word;
    }

    private void readParent(String word) {
        switch (word) {
            case "ffff:", INGRESS_PARENT -> parent(word, Hook.INGRESS);
            case EGRESS_PARENT -> parent(word, Hook.EGRESS);
            default -> {
                boolean isId = word.matches("[0-9a-fA-F]{0,4}:[0-9a-fA-F]{0,4}");
                if (!isId) throw TcRefusals.argument(word, "Invalid parent ID");
                throw TcRefusals.filter("Parent Qdisc doesn't exists");
            }
        }
    }
}
