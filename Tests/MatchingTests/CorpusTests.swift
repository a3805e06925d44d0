import Matching
import Testing

@Suite struct CorpusTests {
    @Test(.enabled(if: Corpus.foldingScript != nil))
    func `C02 each scalar folds as Python's unicodedata has it`() throws {
        let planes: [ClosedRange<UInt32>] = [
            0x20...0xABFF, 0xD7A4...0xFFFD, 0x10000...0x11FFF, 0x1D400...0x1D7FF, 0x2F800...0x2FA1F,
        ]
        let scalars = planes.joined().compactMap { Unicode.Scalar($0) }.filter(isInTable)
        try compare(scalars.map { String($0) })
    }

    @Test(.enabled(if: Corpus.foldingScript != nil))
    func `C02 texts fold as Python's unicodedata has it`() throws {
        var chance = Chance(seed: 3)
        let texts = (0..<5_000).map { _ in
            String(String.UnicodeScalarView(chance.text().unicodeScalars.filter(isInTable)))
        }
        try compare(texts)
    }

    @Test(.enabled(if: Corpus.folder != nil && Corpus.foldingScript != nil))
    func `C02 names of other programs fold as Python's unicodedata has it`() throws {
        let names = Corpus.names()
        #expect(names.count > 100)
        try compare(names)
        print("figures: \(names.count) names, \(names.count { Folding.fold($0).isEmpty }) without a name in it")
    }

    /// The table knows Unicode 14. Line ends part the lines, and the script lends itself scalars of private use.
    private func isInTable(_ scalar: Unicode.Scalar) -> Bool {
        guard let age = scalar.properties.age else { return false }
        return age.major <= 14 && scalar.value >= 0x20 && scalar.properties.generalCategory != .privateUse
    }

    private func compare(_ texts: [String]) throws {
        guard let expected = try Corpus.foldedByPython(texts) else { return }
        try #require(expected.count == texts.count)
        var wrong: [String] = []
        for (text, folded) in zip(texts, expected) {
            let ours = Folding.letters(of: text)
            if !ours.unicodeScalars.elementsEqual(folded.unicodeScalars) {
                wrong.append("\(codes(text)): \(codes(ours)), not \(codes(folded))")
            }
        }
        #expect(wrong.isEmpty, "\(wrong.count) of \(texts.count), \(wrong.prefix(20))")
    }

    private func codes(_ text: String) -> String {
        text.unicodeScalars.map { String($0.value, radix: 16) }.joined(separator: " ")
    }

    /// Invented people, mistyped, with the number of who is who.
    @Test(.enabled(if: Corpus.folder != nil))
    func `C06 nobody of another's address or full name is matched`() throws {
        let table = try #require(Corpus.text("splink_datasets/names-truth/data__fake_1000.csv"))
        let rows = table.split(whereSeparator: \.isNewline).dropFirst().map {
            $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
        var (people, candidates): ([String: Person], [(Candidate, String)]) = ([:], [])
        for row in rows where row.count == 7 {
            let (name, address, who) = ("\(row[1]) \(row[2])", row[5], row[6])
            if people[who] == nil {
                people[who] = Person(id: who, name: name, addresses: [address])
            } else {
                candidates.append((Candidate(address: address, name: name), who))
            }
        }
        let index = PeopleIndex(people: people.values)
        var (right, wrong): ([MatchRule: Int], [MatchRule: Int]) = ([:], [:])
        for (candidate, who) in candidates {
            switch index.verdict(for: candidate, rules: MatchingRules(isAliasRuleOn: true)) {
            case .matched(let match), .suggested(let match):
                if match.person == who {
                    right[match.rule, default: 0] += 1
                } else {
                    wrong[match.rule, default: 0] += 1
                }
            case .nobody, .excluded: break
            }
        }
        for rule in MatchRule.allCases {
            print("figures: \(rule.rawValue) \(right[rule] ?? 0) right, \(wrong[rule] ?? 0) wrong")
        }
        #expect((right[.emailExact] ?? 0) > 100)
        #expect(wrong[.emailExact] == nil && wrong[.emailNormalized] == nil)
        #expect(wrong[.nameExact] == nil)
    }
}
