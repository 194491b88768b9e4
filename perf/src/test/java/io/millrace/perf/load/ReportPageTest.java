package io.millrace.perf.load;

import io.millrace.testkit.Project;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.awt.image.BufferedImage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import javax.imageio.ImageIO;

import static org.assertj.core.api.Assertions.assertThat;

/// The page of a load test as a browser shows it: Debian's headless Chromium, without network.
class ReportPageTest {

    private static final Path BROWSER = Path.of("/usr/bin/chromium");
    private static final int SECONDS_MAX = 60;
    private static final int WIDTH = 1000;
    private static final int HEIGHT = 2600;

    @TempDir
    private Path folder;

    private String browse(String... options) throws Exception {
        Path page = folder.resolve("load.html");
        Files.writeString(page, HtmlText.of(LoadReportTest.report(0.5)));
        var command = new java.util.ArrayList<>(List.of(BROWSER.toString(), "--headless", "--no-sandbox",
            "--disable-gpu", "--hide-scrollbars", "--user-data-dir=" + folder.resolve("profile"),
            "--window-size=" + WIDTH + "," + HEIGHT));
        command.addAll(List.of(options));
        command.add(page.toUri().toString());
        Path out = folder.resolve("out.txt");
        Process process = new ProcessBuilder(command).redirectOutput(out.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        boolean isOver = process.waitFor(SECONDS_MAX, TimeUnit.SECONDS);
        if (!isOver) process.destroyForcibly();
        Assumptions.assumeTrue(isOver, "the browser did not end within " + SECONDS_MAX + " s");
        assertThat(process.exitValue()).isZero();
        return Files.readString(out, StandardCharsets.UTF_8);
    }

    @Test
    void aBrowserShowsEveryPlot() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(BROWSER), "chromium is not installed");
        Path picture = Project.root().resolve("target/load-report.png");
        Files.createDirectories(picture.getParent());
        Files.deleteIfExists(picture);
        browse("--screenshot=" + picture);
        BufferedImage image = ImageIO.read(picture.toFile());
        assertThat(image.getWidth()).isEqualTo(WIDTH);
        Set<Integer> colours = new HashSet<>();
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) colours.add(image.getRGB(x, y) & 0xffffff);
        }
        // The line of a series, the second one's, and the marks of safepoints, deoptimisations and the end of warm-up.
        assertThat(colours).contains(0x0066cc, 0xcc5500, 0xee8800, 0x8844cc, 0x00aa00);
        String page = browse("--dump-dom");
        assertThat(page.split("<svg", -1)).hasSize(LoadReportTest.PLOTS + 1);
    }
}
