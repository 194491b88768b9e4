/// Connections, their translation, the rules about them, and the flow table that spares established ones all that.
///
/// This package holds what they ask of the router, [io.millrace.flow.Routes]. Start with `io.millrace.flow.track`.
package io.millrace.flow;
