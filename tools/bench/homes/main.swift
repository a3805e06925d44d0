import Machine

// Makes the homes that tools/bench/served.py starts the service over.

func make(_ words: [String]) throws {
    switch (words.first ?? "", words.count) {
    case ("large", 3): try LargeHome.make(words[1], entries: Int(words[2]) ?? 0)
    case ("watched", 3): try WatchedHome.make(words[1], watches: Int(words[2]) ?? 0)
    default: throw Unmade(description: "large FOLDER ENTRIES, or watched FOLDER WATCHES")
    }
}

struct Unmade: Error, CustomStringConvertible {
    let description: String
}

do {
    try make(Array(CommandLine.arguments.dropFirst()))
} catch {
    print("homes: \(error)")
    ThisProcess.exit(1)
}
