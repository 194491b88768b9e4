/// Where everything meets: tests that need several modules, and the simulated world.
package io.millrace.simulation;
