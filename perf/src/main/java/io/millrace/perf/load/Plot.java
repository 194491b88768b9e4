package io.millrace.perf.load;

import java.util.List;
import java.util.Locale;

/// A line plot as SVG, to stand in an HTML page: axes with round numbers, points, a line through them.
final class Plot {

    private static final int WIDTH = 720;
    private static final int HEIGHT = 260;
    private static final int LEFT = 80;
    private static final int BOTTOM = 40;
    private static final int MARGIN = 16;
    private static final int TICKS = 5;

    record Point(double x, double y) {}

    static String svg(String title, String xLabel, String yLabel, List<Point> points) {
        double xMax = Math.max(1e-12, points.stream().mapToDouble(Point::x).max().orElse(1));
        double yMax = Math.max(1e-12, points.stream().mapToDouble(Point::y).max().orElse(1));
        var svg = new StringBuilder(String.format(Locale.ROOT, "<figure><figcaption>%s</figcaption>%n<svg "
            + "viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">%n", HtmlText.escaped(title), WIDTH, HEIGHT,
            HtmlText.escaped(title)));
        for (int i = 0; i <= TICKS; i++) {
            double share = (double) i / TICKS;
            svg.append(String.format(Locale.ROOT, "<path class=\"grid\" d=\"M%d %.1fH%d\"/><text x=\"%d\" y=\"%.1f\" "
                + "text-anchor=\"end\">%s</text>%n", LEFT, y(share), WIDTH - MARGIN, LEFT - 6, y(share) + 4,
                number(yMax * share)));
            svg.append(String.format(Locale.ROOT, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>%n",
                x(share), HEIGHT - BOTTOM + 16, number(xMax * share)));
        }
        svg.append(String.format("<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>%n", WIDTH / 2, HEIGHT - 4,
            HtmlText.escaped(xLabel)));
        svg.append(String.format("<text x=\"%d\" y=\"12\">%s</text>%n", LEFT, HtmlText.escaped(yLabel)));
        var path = new StringBuilder();
        for (Point point : points) {
            path.append(String.format(Locale.ROOT, "%s%.1f %.1f", path.isEmpty() ? "M" : "L", x(point.x / xMax),
                y(point.y / yMax)));
            if (points.size() > 100) continue;
            svg.append(String.format(Locale.ROOT, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\"/>%n", x(point.x / xMax),
                y(point.y / yMax)));
        }
        return svg.append("<path class=\"line\" d=\"").append(path).append("\"/>\n</svg></figure>\n").toString();
    }

    private static double x(double share) {
        return LEFT + share * (WIDTH - LEFT - MARGIN);
    }

    private static double y(double share) {
        return HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - MARGIN);
    }

    private static String number(double value) {
        if (value >= 1e6) return String.format(Locale.ROOT, "%.3gM", value / 1e6);
        if (value >= 1e4) return String.format(Locale.ROOT, "%.0fk", value / 1e3);
        return String.format(Locale.ROOT, value == Math.rint(value) ? "%.0f" : "%.3g", value);
    }

    private Plot() {}
}
