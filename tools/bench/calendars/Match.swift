import Matching

/// How long it takes to file people and to decide about candidates, all rules on.
///
/// Reads lines from standard input, as tools/bench/match.py writes them: `P`, id, name and address of a person, or `C`,
/// address and name of a candidate, with tabs between. Answers one line of JSON.
enum Match {
    static func run() {
        var (people, candidates): ([Person], [Candidate]) = ([], [])
        while let line = readLine() {
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            if fields.count == 4, fields[0] == "P" {
                people.append(Person(id: fields[1], name: fields[2], addresses: [fields[3]]))
            } else if fields.count == 3, fields[0] == "C" {
                candidates.append(Candidate(address: fields[1], name: fields[2]))
            }
        }
        let clock = ContinuousClock()
        let rules = MatchingRules(isAliasRuleOn: true, isNameLoggingOn: true)
        var index = PeopleIndex()
        let filing = clock.measure { index = PeopleIndex(people: people) }
        var counts: [String: Int] = [:]
        let deciding = clock.measure {
            for candidate in candidates { counts[word(index.verdict(for: candidate, rules: rules)), default: 0] += 1 }
        }
        let folding = clock.measure { for candidate in candidates { _ = Folding.fold(candidate.name ?? "") } }
        let counted = counts.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\($0.value)" }.joined(separator: ",")
        print(
            "{\"people\":\(people.count),\"candidates\":\(candidates.count),\"index_seconds\":\(seconds(filing)),"
                + "\"verdict_seconds\":\(seconds(deciding)),\"fold_seconds\":\(seconds(folding)),"
                + "\"verdicts\":{\(counted)}}")
    }

    private static func word(_ verdict: Verdict) -> String {
        switch verdict {
        case .matched(let match), .suggested(let match): match.rule.rawValue
        case .nobody(let reason): reason.name
        case .excluded(let exclusion): exclusion.rawValue
        }
    }

    private static func seconds(_ duration: Duration) -> Double {
        Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
    }
}
