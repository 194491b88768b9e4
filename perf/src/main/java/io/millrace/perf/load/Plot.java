package io.millrace.perf.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;

/// A line plot as SVG, to stand in an HTML page: axes with round numbers, one line a series with a legend, marks at
/// moments. Colours come from the page's styles by the number of the series and the kind of mark.
final class Plot {

    private static final int WIDTH = 720;
    private static final int HEIGHT = 280;
    private static final int LEFT = 80;
    private static final int BOTTOM = 40;
    private static final int TOP = 32;
    private static final int MARGIN = 16;
    private static final int TICKS = 5;
    /// Beyond so many points a line is shown without dots.
    private static final int DOTS_MAX = 100;
    private static final int LEGEND_STEP = 130;
    /// Marks nearer than this to the one before, in pixels, are left out: they could not be told apart.
    private static final double MARK_STEP = 0.5;

    record Point(double x, double y) {}

    record Series(String name, List<Point> points) {}

    /// Something that happened at `x`, in a colour of its kind.
    record Mark(double x, String kind) {}

    private final StringBuilder svg = new StringBuilder();
    private final double xMax;
    private final double yMax;

    private Plot(double xMax, double yMax) {
        this.xMax = Math.max(1e-12, xMax);
        this.yMax = Math.max(1e-12, yMax);
    }

    static String svg(String title, String xLabel, String yLabel, List<Point> points) {
        return svg(title, xLabel, yLabel, List.of(new Series("", points)), List.of(), Plot::number);
    }

    static String svg(String title, String xLabel, String yLabel, List<Series> series, List<Mark> marks,
                      DoubleFunction<String> xText) {
        List<Point> all = series.stream().flatMap(each -> each.points.stream()).toList();
        double xMost = all.stream().mapToDouble(Point::x).max().orElse(1);
        var plot = new Plot(Math.max(xMost, marks.stream().mapToDouble(Mark::x).max().orElse(0)),
            all.stream().mapToDouble(Point::y).max().orElse(1));
        return plot.draw(title, xLabel, yLabel, series, marks, xText);
    }

    private String draw(String title, String xLabel, String yLabel, List<Series> series, List<Mark> marks,
                        DoubleFunction<String> xText) {
        add("<figure><figcaption>%s</figcaption>%n<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">",
            HtmlText.escaped(title), WIDTH, HEIGHT, HtmlText.escaped(title));
        for (int i = 0; i <= TICKS; i++) {
            double share = (double) i / TICKS;
            add("<path class=\"grid\" d=\"M%d %.1fH%d\"/><text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>",
                LEFT, y(yMax * share), WIDTH - MARGIN, LEFT - 6, y(yMax * share) + 4, number(yMax * share));
            add("<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>", x(xMax * share), HEIGHT - BOTTOM + 16,
                HtmlText.escaped(xText.apply(xMax * share)));
        }
        add("<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>", WIDTH / 2, HEIGHT - 4,
            HtmlText.escaped(xLabel));
        add("<text x=\"%d\" y=\"12\">%s</text>", LEFT, HtmlText.escaped(yLabel));
        marks(marks);
        for (int i = 0; i < series.size(); i++) line(i, series.get(i));
        if (series.size() > 1) legend(series);
        return svg.append("</svg></figure>\n").toString();
    }

    private void marks(List<Mark> marks) {
        List<String> kinds = marks.stream().map(Mark::kind).distinct().toList();
        for (String kind : kinds) {
            var path = new StringBuilder();
            double last = -1;
            for (Mark mark : marks) {
                if (!mark.kind.equals(kind) || x(mark.x) < last + MARK_STEP) continue;
                last = x(mark.x);
                path.append(String.format(Locale.ROOT, "M%.1f %dv%d", last, TOP + 8 * kinds.indexOf(kind),
                    HEIGHT - BOTTOM - TOP - 8 * kinds.indexOf(kind)));
            }
            add("<path class=\"mark %s\" d=\"%s\"/>", kind, path);
        }
    }

    private void line(int number, Series series) {
        var path = new StringBuilder();
        List<String> dots = new ArrayList<>();
        for (Point point : series.points) {
            path.append(String.format(Locale.ROOT, "%s%.1f %.1f", path.isEmpty() ? "M" : "L", x(point.x), y(point.y)));
            dots.add(String.format(Locale.ROOT, "<circle class=\"s%d\" cx=\"%.1f\" cy=\"%.1f\" r=\"3\"/>%n", number,
                x(point.x), y(point.y)));
        }
        if (series.points.size() <= DOTS_MAX) dots.forEach(svg::append);
        add("<path class=\"line s%d\" d=\"%s\"/>", number, path);
    }

    private void legend(List<Series> series) {
        for (int i = 0; i < series.size(); i++) {
            int x = LEFT + 120 + i * LEGEND_STEP;
            add("<path class=\"line s%d\" d=\"M%d 9h16\"/><text x=\"%d\" y=\"13\">%s</text>", i, x, x + 20,
                HtmlText.escaped(series.get(i).name));
        }
    }

    private void add(String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format + "%n", values));
    }

    private double x(double value) {
        return LEFT + value / xMax * (WIDTH - LEFT - MARGIN);
    }

    private double y(double value) {
        return HEIGHT - BOTTOM - value / yMax * (HEIGHT - BOTTOM - TOP);
    }

    static String number(double value) {
        if (value >= 1e6) return String.format(Locale.ROOT, "%.3gM", value / 1e6);
        if (value >= 1e4) return String.format(Locale.ROOT, "%.0fk", value / 1e3);
        return String.format(Locale.ROOT, value == Math.rint(value) ? "%.0f" : "%.3g", value);
    }

    /// The percentile at so many nines: 2 is 99 %.
    static String percentile(double nines) {
        return String.format(Locale.ROOT, "%.5g %%", 100 - 100 / Math.pow(10, nines));
    }
}
