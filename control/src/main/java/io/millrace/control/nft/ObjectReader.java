package io.millrace.control.nft;

import io.millrace.control.nft.grammar.NftParser;
import io.millrace.flow.ruleset.DataType;
import io.millrace.flow.ruleset.Family;
import io.millrace.flow.ruleset.FieldType;
import io.millrace.flow.ruleset.Flowtable;
import io.millrace.flow.ruleset.Hook;
import io.millrace.flow.ruleset.NamedObject;
import io.millrace.flow.ruleset.ObjectKind;
import io.millrace.flow.ruleset.Statement;
import io.millrace.flow.ruleset.Value;

import java.util.ArrayList;
import java.util.List;

import org.antlr.v4.runtime.ParserRuleContext;

/// Flowtables and named objects as they are written in a table.
record ObjectReader(Reading reading) {

    Flowtable flowtable(String name, List<NftParser.FlowtableItemContext> items) {
        int priority = 0;
        List<String> devices = List.of();
        boolean isCounting = false;
        boolean isOffloaded = false;
        for (NftParser.FlowtableItemContext item : items) {
            if (item.HOOK() != null) {
                if (!item.hookName().getText().equals("ingress")) {
                    throw reading.error("unknown chain hook", item.hookName());
                }
                priority = ChainHeader.priority(reading, item.priority(), Family.NETDEV, Hook.INGRESS);
            } else if (item.DEVICES() != null) {
                devices = devices(item.deviceList());
            } else if (item.COUNTER() != null) {
                isCounting = true;
            } else if (item.FLAGS() != null) {
                if (!item.STRING().getText().equals("offload")) throw reading.error("unknown flowtable flag", item);
                isOffloaded = true;
            }
        }
        return new Flowtable(name, 0, priority, devices, isCounting, isOffloaded);
    }

    List<String> devices(NftParser.DeviceListContext context) {
        List<String> devices = new ArrayList<>();
        if (context.variable() != null) {
            add(context.variable(), devices);
            return devices;
        }
        for (NftParser.DeviceContext device : context.device()) {
            if (device.variable() != null) {
                add(device.variable(), devices);
            } else {
                devices.add(Words.unquoted(device.getText()));
            }
        }
        return devices;
    }

    /// A variable holds one device or a list of them.
    private void add(NftParser.VariableContext context, List<String> devices) {
        Scope.Variable variable = reading.variable(context);
        NftParser.RhsContext rhs = variable.value().rhs();
        if (rhs == null || rhs.setLiteral() == null) {
            devices.add(new Words(reading).text(context));
            return;
        }
        var reader = new SetReader(reading.at(variable), List.of(FieldType.of(DataType.IFNAME)), List.of(), null);
        reader.read(rhs.setLiteral()).forEach(element -> devices.add(((Value.Text) element.key()).text()));
    }

    static ObjectKind kind(NftParser.ObjectKindContext context) {
        if (context.COUNTER() != null) return ObjectKind.COUNTER;
        if (context.QUOTA() != null) return ObjectKind.QUOTA;
        if (context.LIMIT() != null) return ObjectKind.LIMIT;
        if (context.SYNPROXY() != null) return ObjectKind.SYNPROXY;
        if (context.SECMARK() != null) return ObjectKind.SECMARK;
        if (context.HELPER() != null) return ObjectKind.CT_HELPER;
        return context.TIMEOUT() != null ? ObjectKind.CT_TIMEOUT : ObjectKind.CT_EXPECTATION;
    }

    /// `context` is null for an object without a body.
    NamedObject.Body body(NftParser.ObjectKindContext kindContext, NftParser.ObjectBodyContext context) {
        ObjectKind kind = kind(kindContext);
        return switch (kind) {
            case COUNTER -> stateful(kind, counter(context));
            case QUOTA -> stateful(kind, quota(kindContext, context));
            case LIMIT -> stateful(kind, limit(kindContext, context));
            case SYNPROXY -> stateful(kind, SynproxyOptions.read(context == null ? List.of() : context.objectItem()
                .stream().filter(item -> item.synproxyOption() != null)
                .map(NftParser.ObjectItemContext::synproxyOption).toList()));
            case CT_HELPER -> helper(kindContext, context);
            case CT_TIMEOUT -> timeouts(kindContext, context);
            case CT_EXPECTATION -> expectation(kindContext, context);
            case SECMARK -> throw reading.error("not supported: secmark", kindContext);
        };
    }

    String comment(NftParser.ObjectBodyContext context) {
        if (context == null) return "";
        for (NftParser.ObjectItemContext item : context.objectItem()) {
            if (item.COMMENT() != null) return Words.unquoted(item.QUOTED().getText());
        }
        return "";
    }

    private static NamedObject.Body stateful(ObjectKind kind, Statement statement) {
        return new NamedObject.Stateful(kind, statement);
    }

    private Statement counter(NftParser.ObjectBodyContext context) {
        var reader = new StatefulReader(reading);
        if (context == null) return reader.counter(null);
        if (context.counterBody() != null) return reader.counter(context.counterBody());
        for (NftParser.ObjectItemContext item : context.objectItem()) {
            if (item.counterBody() != null) return reader.counter(item.counterBody());
        }
        return reader.counter(null);
    }

    private Statement quota(ParserRuleContext place, NftParser.ObjectBodyContext context) {
        var reader = new StatefulReader(reading);
        if (context != null && context.quotaBody() != null) return reader.quota(context.quotaBody());
        for (NftParser.ObjectItemContext item : items(place, context)) {
            if (item.quotaBody() != null) return reader.quota(item.quotaBody());
        }
        throw reading.error("a quota needs its bytes", place);
    }

    private Statement limit(ParserRuleContext place, NftParser.ObjectBodyContext context) {
        var reader = new StatefulReader(reading);
        if (context != null && context.limitBody() != null) return reader.limit(context.limitBody());
        for (NftParser.ObjectItemContext item : items(place, context)) {
            if (item.limitBody() != null) return reader.limit(item.limitBody());
        }
        throw reading.error("a limit needs its rate", place);
    }

    private List<NftParser.ObjectItemContext> items(ParserRuleContext place, NftParser.ObjectBodyContext context) {
        if (context == null) throw reading.error("the object needs a body in braces", place);
        return context.objectItem();
    }

    private NamedObject.Body helper(ParserRuleContext place, NftParser.ObjectBodyContext context) {
        String type = "";
        int protocol = 0;
        for (NftParser.ObjectItemContext item : items(place, context)) {
            if (item.TYPE() != null) type = Words.unquoted(item.QUOTED().getText());
            if (item.l4Protocol() != null) protocol = protocol(item.l4Protocol());
        }
        if (type.isEmpty() || protocol == 0) throw reading.error("a ct helper needs its type and protocol", place);
        return new NamedObject.Helper(type, protocol, l3Protocol(context));
    }

    private Family l3Protocol(NftParser.ObjectBodyContext context) {
        for (NftParser.ObjectItemContext item : context.objectItem()) {
            if (item.L3PROTO() != null) return CommandReader.family(item.family());
        }
        return reading.family();
    }

    private int protocol(NftParser.L4ProtocolContext context) {
        Value value = ConstantReader.read(context.getText(), FieldType.of(DataType.INET_PROTO), reading.place(context));
        return (int) ((Value.Number) value).asLong();
    }

    private NamedObject.Body timeouts(ParserRuleContext place, NftParser.ObjectBodyContext context) {
        int protocol = 0;
        List<NamedObject.StateTimeout> policy = new ArrayList<>();
        for (NftParser.ObjectItemContext item : items(place, context)) {
            if (item.l4Protocol() != null) protocol = protocol(item.l4Protocol());
            for (NftParser.TimeoutEntryContext entry : item.timeoutEntry()) {
                String text = entry.getChild(2).getText();
                policy.add(new NamedObject.StateTimeout(entry.STRING().getText(), TimeText.parseMs(text) / 1_000));
            }
        }
        if (protocol == 0) throw reading.error("a ct timeout needs its protocol", place);
        return new NamedObject.Timeouts(protocol, l3Protocol(context), policy);
    }

    private NamedObject.Body expectation(ParserRuleContext place, NftParser.ObjectBodyContext context) {
        int protocol = 0;
        int port = 0;
        long timeoutMs = 0;
        int size = 0;
        for (NftParser.ObjectItemContext item : items(place, context)) {
            if (item.l4Protocol() != null) protocol = protocol(item.l4Protocol());
            if (item.DPORT() != null) {
                port = (int) ((Value.Number) ConstantReader.read(item.getChild(1).getText(),
                    FieldType.of(DataType.INET_SERVICE), reading.place(item))).asLong();
            }
            if (item.TIMEOUT() != null) timeoutMs = new Words(reading).timeMs(item.time());
            if (item.SIZE() != null) size = Integer.parseInt(item.NUMBER().getText());
        }
        if (protocol == 0 || port == 0) throw reading.error("a ct expectation needs its protocol and dport", place);
        return new NamedObject.Expectation(protocol, port, timeoutMs, size, l3Protocol(context));
    }
}
