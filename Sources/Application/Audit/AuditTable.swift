/// An audit as a table for a spreadsheet: one row for each activity.
public enum AuditTable {
    private static let steps = ["fetch", "meeting", "match", "activity"]

    private static let header =
        ["activity", "person", "person_name", "title", "occurred", "meeting", "trigger", "rule", "confidence"]
        + steps.flatMap { ["\($0)_entry", "\($0)_recorded", "\($0)_hash", "\($0)_verified"] } + [
            "retracted", "changes", "problems",
        ]

    public static func csv(_ audit: AuditRequest.Audit, isRaw: Bool) -> String {
        SpreadsheetText.csv(header, audit.activities.map(row), isRaw: isRaw)
    }

    /// The entries by which the activity became what it is now, after it was logged.
    private static func changes(_ audited: AuditRequest.Audited) -> String {
        audited.chain.filter { $0.step == "change" }.map { "\($0.position) \($0.type)" }.joined(separator: "; ")
    }

    private static func row(_ audited: AuditRequest.Audited) -> [String] {
        [
            audited.activity, audited.person, audited.personName ?? "", audited.title ?? "",
            audited.occurred.map(Timestamp.text) ?? "", audited.meeting ?? "", audited.trigger, audited.rule ?? "",
            audited.confidence.map(String.init) ?? "",
        ]
            + steps.flatMap { step -> [String] in
                guard let link = audited.chain.first(where: { $0.step == step }) else { return ["", "", "", ""] }
                return [String(link.position), Timestamp.text(link.at), link.hash, link.isVerified ? "yes" : "no"]
            } + [audited.retractionReason ?? "", changes(audited), audited.problems.joined(separator: "; ")]
    }
}
