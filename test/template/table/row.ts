/** A row's name and its template; what the real Helm makes of it stands in golden.json. */
export type Row = [name: string, template: string];
