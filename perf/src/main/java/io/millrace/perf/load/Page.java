package io.millrace.perf.load;

/// The frame of an HTML page that needs nothing from anywhere: styles and plots stand in it.
final class Page {

    private static final String STYLE = """
        body { font: 15px/1.5 system-ui, sans-serif; max-width: 52em; margin: 2em auto; padding: 0 1em; color: #222 }
        table { border-collapse: collapse; margin: 1em 0 } th, td { padding: .2em .8em; text-align: right }
        th, td { border-bottom: 1px solid #ddd }
        th:first-child, td:first-child { text-align: left } figure { margin: 1.5em 0 } figcaption { font-weight: 600 }
        pre { background: #f4f4f4; padding: .5em } svg { width: 100%; font-size: 11px } .grid { stroke: #ddd }
        .line { fill: none; stroke: #06c; stroke-width: 1.5 } circle { fill: #06c }
        .line.s1 { stroke: #c50 } .line.s2 { stroke: #283 } .line.s3 { stroke: #a2a } .line.s4 { stroke: #777 }
        .line.s5 { stroke: #0aa }
        circle.s1 { fill: #c50 } circle.s2 { fill: #283 } circle.s3 { fill: #a2a } circle.s4 { fill: #777 }
        circle.s5 { fill: #0aa }
        .mark { fill: none; stroke-width: 1 } .collection { stroke: #d00; color: #d00 }
        .safepoint { stroke: #e80; color: #e80 } .deoptimisation { stroke: #84c; color: #84c }
        .script { stroke: #000; stroke-width: 2; color: #000 } .warm { stroke: #0a0; stroke-width: 2; color: #0a0 }
        """;

    static String of(String title, String body) {
        return "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n<title>" + HtmlText.escaped(title)
            + "</title>\n<style>\n" + STYLE + "</style></head><body>\n" + body + "</body></html>\n";
    }

    private Page() {}
}
