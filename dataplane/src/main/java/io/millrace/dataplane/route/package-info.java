/// Where packets go: longest-prefix match over off-heap tables, and the routes of Linux's local and main tables on top.
///
/// Start with [io.millrace.dataplane.route.RouteTable]. Uses `io.millrace.packet` and `io.millrace.dataplane.iface`.
package io.millrace.dataplane.route;
