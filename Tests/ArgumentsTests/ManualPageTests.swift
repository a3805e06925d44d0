import Arguments
import Testing

@Suite struct ManualPageTests {
    static let page = Daybook.program.manualPage(date: "2026-11-21")

    @Test func `the page has its sections in the usual order`() {
        let headings = Self.page.split(separator: "\n").filter { $0.hasPrefix(".SH ") }.map { $0.dropFirst(4) }
        #expect(
            headings == [
                "\"NAME\"", "\"SYNOPSIS\"", "\"DESCRIPTION\"", "\"EXAMPLES\"", "\"GLOBAL OPTIONS\"", "\"EVERY DAY\"",
                "\"UPKEEP\"", "\"EXIT STATUS\"", "\"ENVIRONMENT\"", "\"FILES\"", "\"SEE ALSO\"",
            ])
        #expect(Self.page.hasPrefix(".TH \"DAYBOOK\" 1 \"2026\\-11\\-21\" \"daybook 1.2.3\"\n"))
    }

    @Test(arguments: [
        "daybook \\- Keeps a ledger of meetings.\n", ".SS \"daybook log [OPTIONS] [SUBJECT...]\"\n",
        ".TP\n\\fB\\-n\\fR, \\fB\\-\\-limit\\fR \\fINUMBER\\fR\nAt most so many (1 to 1000; default: 100).\n",
        ".EX\ndaybook log \\-\\-since 7d\n.EE\n", ".SS \"daybook metrics export [OPTIONS] [OUTPUT]\"\n",
        ".TP\n\\fB10\\fR\nThere is no ledger here.\n", "\\fB\\(ti/.config/daybook/config.toml\\fR\n",
    ])
    func `the page says how each verb is used`(_ part: String) {
        #expect(Self.page.contains(part))
    }

    @Test func `what is hidden is not on the page`() {
        #expect(!Self.page.contains("repair"))
        #expect(!Self.page.contains("secret"))
    }

    @Test(arguments: [
        (".dot at the start", "\\&.dot at the start"), ("'tis", "\\(aqtis"), ("a \\n b", "a \\en b"),
        ("well-known --flag and -f", "well-known \\-\\-flag and \\-f"), ("(--all)", "(\\-\\-all)"),
        ("“say” \"so\" é", "\\[u201C]say\\[u201D] \\(dqso\\(dq \\[u00E9]"), ("a ^ ~ `", "a \\(ha \\(ti \\(ga"),
    ])
    func `text means nothing to the typesetter`(_ text: String, _ escaped: String) {
        #expect(manual(discussing: text).contains("\n.SH \"DESCRIPTION\"\n\(escaped)\n"))
    }

    @Test func `kept lines are typed as they stand`() {
        #expect(manual(discussing: "  .a-b\n  'c").contains(".EX\n  .a\\-b\n  \\(aqc\n.EE\n"))
    }

    @Test(.enabled(if: Shell("groff") != nil))
    func `the typesetter has no warning to give`() throws {
        let groff = try #require(Shell("groff"))
        let answer = try groff.run(["-man", "-Tutf8", "-ww", "-z"], script: Self.page)
        #expect(answer == (0, ""))
        #expect(try groff.run(["-man", "-Tutf8", "-ww", "-z"], script: Self.page + ".nonsense\n").said != "")
    }

    private func manual(discussing text: String) -> String {
        let verb = Verb("act", "Act.", action: 1)
        return Program("p", version: "1", "P.", discussion: text, sections: [VerbSection("All", [verb])]).manualPage()
    }
}
