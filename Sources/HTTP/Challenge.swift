/// How a server that answers 401 wants to be told who asks.
enum Challenge {
    enum Scheme: Hashable, Sendable { case basic, digest }

    /// The schemes that Daybook can answer, in the order in which they are offered. A header may offer several, in any
    /// order, and ones that nobody knows.
    static func schemes(in response: Response) -> [Scheme] {
        var schemes: [Scheme] = []
        for header in response.headers where header.name.lowercased() == "www-authenticate" {
            for name in names(in: header.value) {
                let scheme: Scheme? = ["basic": .basic, "digest": .digest][name]
                if let scheme, !schemes.contains(scheme) { schemes.append(scheme) }
            }
        }
        return schemes
    }

    /// The names of the schemes in a header. A parameter has `=` behind its first word, a scheme has not.
    static func names(in value: String) -> [String] {
        elements(of: value).compactMap { element in
            let word = element.prefix { $0 != " " && $0 != "\t" && $0 != "=" }
            let rest = element[word.endIndex...].drop { $0 == " " || $0 == "\t" }
            return word.isEmpty || rest.hasPrefix("=") ? nil : word.lowercased()
        }
    }

    /// What stands between commas that are in no quotes.
    private static func elements(of value: String) -> [Substring] {
        var elements: [Substring] = []
        var start = value.startIndex
        var isQuoted = false
        var isEscaped = false
        for index in value.indices {
            let character = value[index]
            if isEscaped {
                isEscaped = false
            } else if character == "\\" && isQuoted {
                isEscaped = true
            } else if character == "\"" {
                isQuoted.toggle()
            } else if character == "," && !isQuoted {
                elements.append(value[start..<index])
                start = value.index(after: index)
            }
        }
        elements.append(value[start...])
        return elements.map { $0.drop { $0 == " " || $0 == "\t" } }
    }
}
