import Arguments
import Testing

@Suite struct FlawsTests {
    @Test func `a sound program has no flaws`() {
        #expect(Daybook.program.flaws == [])
    }

    static let one = Positional("ONE", .text, "One.")
    static let maybe = Positional.optional("MAYBE", .text, "Maybe.")
    static let all = Positional.repeated("ALL", .text, "All.")
    static let loud = Flag("loud", short: "l", "Loud.")
    static let long = Flag("long", short: "l", "Long.")

    static let flawed: [(Verb<Int>, String)] = [
        (Verb("idle", "Idle."), "p idle: it neither acts nor has verbs"),
        (Verb("help", "Help.", action: 1), "p: the verb help is declared twice"),
        (Verb("Shout", "Shout.", action: 1), "p: “Shout” is no name for a verb"),
        (Verb("a", "A.", arguments: [loud, long], action: 1), "p a: -l is declared twice"),
        (Verb("a", "A.", arguments: [loud, loud], action: 1), "p a: --loud is declared twice"),
        (Verb("a", "A.", arguments: [Flag("version", "V.")], action: 1), "p a: --version is declared twice"),
        (Verb("a", "A.", arguments: [Flag("no way", "N.")], action: 1), "p a: “no way” is no name for an option"),
        (Verb("a", "A.", arguments: [one, one], action: 1), "p a: ONE is declared twice"),
        (Verb("a", "A.", arguments: [all, maybe], action: 1), "p a: ALL takes all the rest, and is not last"),
        (
            Verb("a", "A.", arguments: [maybe, one], action: 1),
            "p a: ONE must be given, and stands after MAYBE, which need not be"
        ),
        (
            Verb("a", "A.", arguments: [one], verbs: [Verb("b", "B.", action: 1)]),
            "p a: ONE has nothing to act on it"
        ),
        (
            Verb("a", "A.", arguments: [Option("o", .choice(of: ["x y"]), "O.")], action: 1),
            "p a: a choice of --o has a space in it"
        ),
        (
            Verb("a", "A.", arguments: [loud], verbs: [Verb("b", "B.", arguments: [long], action: 1)]),
            "p a b: -l is declared twice"
        ),
    ]

    @Test(arguments: flawed)
    func `a flaw in a declaration is found`(_ verb: Verb<Int>, _ flaw: String) {
        let program = Program("p", version: "1", "P.", sections: [VerbSection("All", [verb])])
        #expect(program.flaws.contains(flaw))
    }

    @Test func `a positional among the global options is a flaw`() {
        let verb = Verb("a", "A.", action: 1)
        let program = Program("p", version: "1", "P.", options: [Self.one], sections: [VerbSection("All", [verb])])
        #expect(program.flaws.contains("p: ONE cannot be a global option"))
    }
}
