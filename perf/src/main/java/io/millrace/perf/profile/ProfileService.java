package io.millrace.perf.profile;

import io.millrace.control.TrafficReader;
import io.millrace.nic.driver.gen.TrafficProfile;

import java.nio.file.Path;

/// What `wire: gen` reads its profiles with.
public final class ProfileService implements TrafficReader {

    @Override
    public TrafficProfile read(Path file) {
        return ProfileFile.read(file);
    }
}
