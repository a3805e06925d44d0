/// Rows under headings, each column as wide as it needs to be.
struct Table {
    struct Column {
        var heading: String
        var isNumber = false
        /// Never cut: half a date or half an id is none.
        var isFixed = false
        /// Goes on below where it is too long, and is not cut: for sentences. It is the last.
        var wraps = false
        /// Left out where there is no room for all: the column with the highest number first.
        var spare = 0
        var style: @Sendable (Style, String) -> String = { $1 }
        /// What is shown where there is no room for all of it, as a time without its year; of the heading too.
        var short: (@Sendable (String) -> String)?
    }

    private var columns: [Column]
    private var rows: [[String]] = []

    init(_ columns: [Column]) { self.columns = columns }

    mutating func add(_ cells: [String]) {
        precondition(cells.count == columns.count)
        rows.append(cells.map(Visible.text))
    }

    var isEmpty: Bool { rows.isEmpty }

    /// `limit` is the width of the terminal. To fit it, first what can be said shorter is, then columns are left out that
    /// can be spared, and what is too wide even then is cut, the widest first. Without a limit all is shown.
    func lines(_ style: Style, limit: Int?) -> [String] {
        guard let limit, naturalWidth > limit else { return lines(style, natural) }
        var narrow = shortened()
        while narrow.leastWidth > limit, let spared = narrow.sparedNext { narrow.remove(spared) }
        return narrow.lines(style, Self.fit(narrow.natural, narrow.columns, limit))
    }

    private func lines(_ style: Style, _ widths: [Int]) -> [String] {
        let heading = line(columns.map(\.heading), widths) { _, text in style.bold(text) }
        return [heading] + rows.flatMap { lines(of: $0, widths, style) }
    }

    // MARK: Narrow

    private var natural: [Int] {
        columns.indices.map { index in
            rows.map { Visible.width($0[index]) }.reduce(Visible.width(columns[index].heading), max)
        }
    }

    private var naturalWidth: Int { natural.reduce(0, +) + 2 * (columns.count - 1) }

    /// What a name or a title needs to be told from others.
    private static let enough = 20

    /// Less wide it would be cut so that too little is told of it.
    private var leastWidth: Int {
        let widths = columns.indices.map { index in
            columns[index].isFixed || columns[index].isNumber ? natural[index] : min(natural[index], Self.enough)
        }
        return widths.reduce(0, +) + 2 * (columns.count - 1)
    }

    private var sparedNext: Int? {
        columns.indices.filter { columns[$0].spare > 0 }.max { columns[$0].spare < columns[$1].spare }
    }

    private func shortened() -> Table {
        var table = self
        for (index, column) in columns.enumerated() {
            guard let short = column.short else { continue }
            table.columns[index].heading = short(column.heading)
            for row in rows.indices { table.rows[row][index] = short(rows[row][index]) }
        }
        return table
    }

    private mutating func remove(_ index: Int) {
        columns.remove(at: index)
        for row in rows.indices { rows[row].remove(at: index) }
    }

    private func lines(of row: [String], _ widths: [Int], _ style: Style) -> [String] {
        let styled: (Int, String) -> String = { columns[$0].style(style, $1) }
        guard columns.last?.wraps == true, let last = row.last, let width = widths.last else {
            return [line(row, widths, styled)]
        }
        let pieces = Visible.wrap(last, to: width)
        let indent = String(repeating: " ", count: widths.dropLast().reduce(0) { $0 + $1 + 2 })
        return [line(row.dropLast() + [pieces.first ?? ""], widths, styled)] + pieces.dropFirst().map { indent + $0 }
    }

    /// Narrower than this a column says nothing any more.
    private static let leastWidth = 6

    private static func fit(_ natural: [Int], _ columns: [Column], _ limit: Int) -> [Int] {
        var widths = natural
        var excess = widths.reduce(0, +) + 2 * (widths.count - 1) - limit
        while excess > 0 {
            // The last column has most to spare: it holds what is said, the others what it is said of.
            let candidates = widths.indices.filter {
                widths[$0] > leastWidth && !columns[$0].isNumber && !columns[$0].isFixed
            }
            let widest = candidates.max { weight($0, widths) < weight($1, widths) }
            guard let widest else { break }
            widths[widest] -= 1
            excess -= 1
        }
        return widths
    }

    private static func weight(_ index: Int, _ widths: [Int]) -> Int {
        index == widths.count - 1 && widths[index] > 20 ? .max : widths[index]
    }

    private func line(_ cells: [String], _ widths: [Int], _ styled: (Int, String) -> String) -> String {
        cells.enumerated().map { index, cell in
            let text = Visible.cut(cell, to: widths[index])
            let padding = String(repeating: " ", count: max(0, widths[index] - Visible.width(text)))
            if columns[index].isNumber { return padding + styled(index, text) }
            return styled(index, text) + (index == cells.count - 1 ? "" : padding)
        }.joined(separator: "  ")
    }
}
