import Foundation
import ICalendar
import Testing

/// Rules made up by chance, beside others who follow them. Set DAYBOOK_TEST_RULES for more of them, and
/// DAYBOOK_TEST_SEED for others.
struct RuleOracleTests {
    static let environment = ProcessInfo.processInfo.environment
    static let count = environment["DAYBOOK_TEST_RULES"].flatMap { Int($0) } ?? 1_000
    static let seed = environment["DAYBOOK_TEST_SEED"].flatMap { UInt64($0) } ?? 20_261_121
    static let dateutil = Oracle("rules.py", needs: "dateutil")

    @Test func `85 rules made by chance have the occurrences that patience finds`() throws {
        var chance = Chance(seed: Self.seed)
        var differences: [String] = []
        var occurrences = 0
        for _ in 0..<Self.count {
            let random = RandomRule(&chance, forDateutil: false)
            let found = try random.occurrences()
            let patient = PatientRule(rule: try RecurrenceRule(random.text), start: random.start, end: random.end)
            let expected = patient.occurrences(RandomRule.mostOccurrences)
            occurrences += expected.count
            if found != expected {
                differences.append(difference(random, found.map(\.compact), expected.map(\.compact)))
            }
        }
        print("\(Self.count) rules, seed \(Self.seed), \(occurrences) occurrences, beside patience")
        #expect(differences.isEmpty, "\(differences.count) differ:\n\(differences.prefix(5).joined(separator: "\n"))")
    }

    @Test(.enabled(if: dateutil != nil, "python3 has no dateutil"))
    func `85 rules made by chance have the occurrences that dateutil finds`() throws {
        let oracle = try #require(Self.dateutil)
        var chance = Chance(seed: Self.seed &+ 1)
        let rules = (0..<Self.count).map { _ in RandomRule(&chance, forDateutil: true) }
        let questions = rules.map {
            "\($0.start.compact)\t\($0.text)\t\(RandomRule.mostOccurrences)\t\($0.end.compact)"
        }
        let answers = try oracle.answers(to: questions)
        try #require(answers.count == rules.count)
        var differences: [String] = []
        for (random, answer) in zip(rules, answers) where answer != "timeout" {
            // What dateutil refuses are rules that never have an occurrence.
            let expected = answer.hasPrefix("error") ? [] : answer.split(separator: ",").map(String.init)
            let found = try random.occurrences().map(\.compact)
            if found != expected { differences.append(difference(random, found, expected)) }
        }
        let unanswered = answers.count { $0 == "timeout" }
        print(
            "\(Self.count) rules, seed \(Self.seed &+ 1), beside dateutil, which did not finish \(unanswered) of them")
        #expect(differences.isEmpty, "\(differences.count) differ:\n\(differences.prefix(5).joined(separator: "\n"))")
    }

    private func difference(_ rule: RandomRule, _ found: [String], _ expected: [String]) -> String {
        "\(rule.text) from \(rule.start.compact)\n  found    \(found.prefix(8))\n  expected \(expected.prefix(8))"
    }
}
