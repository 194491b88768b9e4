package io.millrace.control.verb;

import io.millrace.control.config.ControlConfig;
import io.millrace.control.report.ProgressListener;
import io.millrace.control.report.RunReport;
import io.millrace.dataplane.config.DataplaneConfig;

/// Runs a dataplane from its configuration to its end.
public interface Runner {

    /// Opens the ports, runs until the inputs end or the listener asks to stop, closes the ports. Before anything is
    /// written, throws a [io.millrace.dataplane.config.ConfigException] for what can only be seen with the files open.
    RunReport run(DataplaneConfig config, ControlConfig control, ProgressListener listener);
}
