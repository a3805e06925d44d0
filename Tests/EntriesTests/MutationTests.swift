import Rehearsal
import Testing

@testable import Entries

@Suite struct MutationTests {
    /// Pieces that hurt where they land.
    private static let pieces: [[UInt8]] = [
        "{", "}", "[", "]", "\"", "\\", "\\u", "\\ud83d", ",", ":", "-", "e", "0", "null", "true", "\u{0}", "🗓️",
        "9999999999999999999", "[[[[[[[[[[", "{\"a\":", "/**/",
    ].map { Array($0.utf8) }

    private func mutated(_ bytes: [UInt8], _ chance: inout Chance) -> [UInt8] {
        var bytes = bytes
        for _ in 0...chance.below(3) where !bytes.isEmpty {
            let place = chance.below(bytes.count)
            switch chance.below(5) {
            case 0: bytes[place] = UInt8(truncatingIfNeeded: chance.next())
            case 1: bytes.remove(at: place)
            case 2: bytes.insert(contentsOf: chance.pick(Self.pieces), at: place)
            case 3: bytes.removeLast(bytes.count - place)
            default: bytes.insert(contentsOf: bytes[place..<min(place + 20, bytes.count)], at: place)
            }
        }
        return bytes
    }

    @Test(arguments: 1...10 as ClosedRange<UInt64>)
    func `G5 a thousand mutated entries are read or refused, and never a crash`(_ seed: UInt64) throws {
        var chance = Chance(seed: seed)
        var invention = Invention(seed: seed)
        var taken = 0
        for _ in 0..<1_000 {
            let draft = invention.next()
            let content = Content(
                data: mutated(draft.content.data, &chance),
                personal: draft.content.personal.map { chance.happens(50) ? mutated($0, &chance) : $0 })
            _ = try? Vocabulary.fact(type: draft.type, content: content)
            guard let checked = try? Vocabulary.checked(type: draft.type, content: content) else { continue }
            taken += 1
            // What was taken is stable, and reads as it was written.
            #expect(try Vocabulary.checked(type: draft.type, content: checked) == checked, "seed \(seed)")
        }
        #expect(taken > 0)
        #expect(taken < 1_000)
    }
}
