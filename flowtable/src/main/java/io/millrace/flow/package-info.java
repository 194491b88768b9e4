/// Connections, their translation, the rules about them, and the flow table that spares established ones all that.
package io.millrace.flow;
