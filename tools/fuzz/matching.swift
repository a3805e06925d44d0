/// Names and addresses of bytes that nobody meant: filed, looked for, changed and taken out again.
///
/// Lines of the input are by turns names and addresses. Besides that nothing traps: an address that was read is read
/// again as itself, an explanation has the verdict, and a person who was taken out is not found.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = unsafe UnsafeBufferPointer(start: start, count: count)
    let lines = unsafe String(decoding: bytes, as: UTF8.self).split(separator: "\n").prefix(64).map(String.init)
    var index = PeopleIndex()
    var candidates: [Candidate] = []
    for (place, line) in lines.enumerated() {
        if let address = MailAddress(line) { precondition(MailAddress(address.text) == address) }
        let next = place + 1 < lines.count ? lines[place + 1] : ""
        index.insert(Person(id: String(place % 8), name: line, otherNames: [next], addresses: [next]))
        candidates.append(Candidate(address: place.isMultiple(of: 2) ? next : line, name: line))
    }
    let rules = MatchingRules(isAliasRuleOn: true, isNameLoggingOn: true, ownDomains: Set(lines.prefix(2)))
    for candidate in candidates {
        let verdict = index.verdict(for: candidate, rules: rules)
        precondition(index.explain(candidate, rules: rules).verdict == verdict)
    }
    for id in 0..<8 { index.remove(String(id)) }
    precondition(index.count == 0)
    for candidate in candidates {
        if case .matched = index.verdict(for: candidate, rules: rules) {
            preconditionFailure("found in an empty index")
        }
    }
    return 0
}
