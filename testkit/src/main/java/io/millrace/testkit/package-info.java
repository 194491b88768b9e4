/// What every module's tests use: packet builders and checkers over `byte[]`, naive oracles, seeds, and readers of
/// the outside inputs. Nothing of Millrace is used here, so that nothing here can agree with it by accident.
///
/// Start with [io.millrace.testkit.Frame] (build a packet), [io.millrace.testkit.FrameAssert] (check one),
/// [io.millrace.testkit.CaptureFile] (files of packets) and [io.millrace.testkit.Corpus] (other people's packets).
package io.millrace.testkit;
