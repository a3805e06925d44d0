import Testing

@testable import Arguments

@Suite struct SpellingTests {
    @Test(arguments: [
        ("log", "log", 0), ("lgo", "log", 1), ("lo", "log", 1), ("logg", "log", 1), ("lag", "log", 1), ("", "log", 3),
        ("kitten", "sitting", 3), ("follow", "wollof", 2),
    ])
    func `slips are letters added, lost, replaced or swapped`(_ first: String, _ second: String, _ slips: Int) {
        #expect(Spelling.slips(from: first, to: second) == slips)
        #expect(Spelling.slips(from: second, to: first) == slips)
    }

    @Test(arguments: [
        ("--folow", "--follow"), ("--limt", "--limit"), ("--li", "--limit"), ("--foll", "--follow"),
        ("--xyz", nil), ("--x", nil), ("--", nil), ("--fliwo", nil),
    ])
    func `only a near word or a longer one is suggested`(_ typed: String, _ meant: String?) {
        #expect(Spelling.nearest(to: typed, in: ["--limit", "--follow", "--q"]) == meant)
    }

    @Test func `fewer slips win over the order`() {
        #expect(Spelling.nearest(to: "shwo", in: ["shoes", "show"]) == "show")
    }
}
