package io.millrace.dataplane.config;

/// The settings that each interface has, named `PREFIX.INTERFACE.KEY`; `all` and `default` stand in the place of an
/// interface. As in Linux, an interface that is not named has the value of `default`, and how `all` weighs in differs.
public enum InterfaceSysctl {

    /// As if written after `default` and before the interfaces by name: `all` sets every interface.
    IPV4_FORWARDING("net.ipv4.conf", "forwarding", 1, 1, 1, Weight.SETS_ALL),
    IPV6_FORWARDING("net.ipv6.conf", "forwarding", 1, 1, 1, Weight.SETS_ALL),
    SEND_REDIRECTS("net.ipv4.conf", "send_redirects", 1, 1, 1, Weight.EITHER),
    ACCEPT_SOURCE_ROUTE("net.ipv4.conf", "accept_source_route", 1, 0, 1, Weight.BOTH),
    /// Reverse path filtering is not built yet: only its default, off, is accepted by [SysctlRules].
    RP_FILTER("net.ipv4.conf", "rp_filter", 2, 0, 0, Weight.EITHER);

    public static final String ALL = "all";
    public static final String DEFAULT = "default";

    /// How the value of `all` and that of the interface become one.
    enum Weight { SETS_ALL, EITHER, BOTH }

    private final String prefix;
    private final String key;
    private final long max;
    private final long usualOfAll;
    private final long usualOfDefault;
    private final Weight weight;

    InterfaceSysctl(String prefix, String key, long max, long usualOfAll, long usualOfDefault, Weight weight) {
        this.prefix = prefix;
        this.key = key;
        this.max = max;
        this.usualOfAll = usualOfAll;
        this.usualOfDefault = usualOfDefault;
        this.weight = weight;
    }

    public String fullName(String interfaceName) {
        return prefix + "." + interfaceName + "." + key;
    }

    /// What stands in the place of the interface in a full name of this setting; null for any other name.
    String place(String fullName) {
        int placeAt = prefix.length() + 1;
        int keyAt = fullName.length() - key.length() - 1;
        boolean isThis = placeAt <= keyAt && fullName.startsWith(prefix) && fullName.charAt(placeAt - 1) == '.'
            && fullName.endsWith(key) && fullName.charAt(keyAt) == '.';
        return isThis ? fullName.substring(placeAt, keyAt) : null;
    }

    /// The least value is 0.
    public long max()    { return max; }

    long usualOfAll()     { return usualOfAll; }
    long usualOfDefault() { return usualOfDefault; }
    Weight weight()       { return weight; }
}
