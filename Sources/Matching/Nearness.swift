/// Which names are one or two letters apart, without comparing each with each.
///
/// A name is cut into three pieces. Two changes leave at least one of them whole, so names that are near share a piece.
/// Where it can stand in the other name follows from how many changes lie before and after it (Li, Deng, Wang and Feng,
/// "Pass-Join", 2011): 19 look-ups find them all.
enum Nearness {
    /// At most so many letters inserted, removed or replaced.
    static let most = 2
    private static let pieces = 3

    /// A shorter name cannot be cut; two words with a space between them are never shorter.
    static let shortest = 3

    static func keys(ofName name: [Unicode.Scalar]) -> [MatchKey] {
        guard name.count >= shortest else { return [] }
        return (0..<pieces).map { number in
            let (start, length) = piece(number, ofLength: name.count)
            return MatchKey.piece(name[start..<start + length], number: number, ofLength: name.count)
        }
    }

    static func keys(near name: [Unicode.Scalar]) -> [MatchKey] {
        var keys: [MatchKey] = []
        keys.reserveCapacity(19)
        for other in max(shortest, name.count - most)...max(shortest, name.count + most) {
            let shift = name.count - other
            for number in 0..<pieces {
                let (start, length) = piece(number, ofLength: other)
                let after = most - number
                let first = max(0, start - number, start + shift - after)
                let last = min(name.count - length, start + number, start + shift + after)
                guard first <= last else { continue }
                for place in first...last {
                    keys.append(MatchKey.piece(name[place..<place + length], number: number, ofLength: other))
                }
            }
        }
        return keys
    }

    private static func piece(_ number: Int, ofLength length: Int) -> (start: Int, length: Int) {
        let (short, longer) = length.quotientAndRemainder(dividingBy: pieces)
        let firstLonger = pieces - longer
        return (number * short + max(0, number - firstLonger), short + (number >= firstLonger ? 1 : 0))
    }

    /// One bit for each letter in it: one change flips two bits at most.
    static func letters(of name: [Unicode.Scalar]) -> UInt64 {
        name.reduce(0) { $0 | 1 << UInt64($1.value & 63) }
    }

    static func mayBeNear(_ letters: UInt64, _ others: UInt64) -> Bool {
        (letters ^ others).nonzeroBitCount <= 2 * most
    }

    /// Levenshtein's distance if it is at most `most`, else nil.
    static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int? {
        (0...most).first { isWithin(left[...], right[...], $0) }
    }

    /// Equal ends cost nothing, and at the first difference there are three things to do; at most nine ways in all.
    private static func isWithin(
        _ left: ArraySlice<Unicode.Scalar>, _ right: ArraySlice<Unicode.Scalar>, _ changes: Int
    ) -> Bool {
        guard abs(left.count - right.count) <= changes else { return false }
        var (here, there) = (left.startIndex, right.startIndex)
        while here < left.endIndex, there < right.endIndex, left[here] == right[there] {
            here += 1
            there += 1
        }
        if here == left.endIndex || there == right.endIndex {
            return left.endIndex - here + right.endIndex - there <= changes
        }
        guard changes > 0 else { return false }
        return isWithin(left[(here + 1)...], right[(there + 1)...], changes - 1)
            || isWithin(left[(here + 1)...], right[there...], changes - 1)
            || isWithin(left[here...], right[(there + 1)...], changes - 1)
    }
}
