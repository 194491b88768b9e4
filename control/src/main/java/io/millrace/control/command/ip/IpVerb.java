package io.millrace.control.command.ip;

import io.millrace.control.command.Answer;
import io.millrace.control.command.Caller;
import io.millrace.control.command.ControlVerb;
import io.millrace.control.command.Words;
import io.millrace.control.live.Refusal;
import io.millrace.control.live.RunningDataplane;

import java.util.ArrayList;
import java.util.List;

/// `ip [OPTIONS] OBJECT COMMAND`. Objects may be shortened as iproute2 allows.
public final class IpVerb implements ControlVerb {

    /// What follows `ip` and its options: one object.
    interface IpObject {

        /// Its names; words that one of them begins with mean it.
        List<String> names();

        List<String> usage();

        Answer run(Words words, IpOptions options);
    }

    /// In this order: the first that a short form fits is meant.
    private final List<IpObject> objects;

    public IpVerb(RunningDataplane running) {
        this.objects = List.of(new IpAddresses(running), new IpRoutes(running), new IpNeighbours(running),
            new IpLinks(running));
    }

    @Override
    public String name() {
        return "ip";
    }

    @Override
    public List<String> usage() {
        var usage = new ArrayList<String>();
        for (IpObject object : objects) usage.addAll(object.usage());
        return usage;
    }

    @Override
    public Answer run(Words words, Caller caller) {
        IpOptions options = IpOptions.read(words);
        String word = words.next(255, "Usage: ip [ -4 | -6 | -br | -s | -j ] { address | route | neighbour | link } "
            + "COMMAND");
        for (IpObject object : objects) {
            if (object.names().stream().anyMatch(name -> name.startsWith(word))) return object.run(words, options);
        }
        throw new Refusal(1, "Object \"" + word + "\" is unknown, try \"ip help\".");
    }
}
