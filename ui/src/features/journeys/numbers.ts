import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { call } from "@/shared/http";
import type { TileNumbers, TilesAnswer } from "@/shared/model";
import type { TileId } from "./definition";

export interface Period {
  from: string;
  to: string;
}

const REFRESH_MS = 1000;

/** A journey's numbers, asked for every second while the page is seen. */
export function useTileNumbers(journeyId: number, period: Period, isRunning: boolean) {
  return useQuery({
    queryKey: ["tile-numbers", journeyId, period],
    queryFn: ({ signal }) =>
      call<TilesAnswer>(`/insights/journeys/${journeyId}/tiles`, { query: { ...period }, signal }),
    refetchInterval: isRunning ? REFRESH_MS : 10 * REFRESH_MS,
    refetchIntervalInBackground: false,
    placeholderData: keepPreviousData,
    retry: false,
  });
}

export function byTile(answer: TilesAnswer | undefined): Map<TileId, TileNumbers> {
  return new Map(answer?.tiles.map((numbers) => [numbers.tile, numbers]));
}

/** The four numbers that stand above a tile; failures only where there are some. */
export function describeNumbers(numbers: TileNumbers | undefined): string {
  if (!numbers) return "no numbers yet";
  const failed = numbers.failed > 0 ? `, ${numbers.failed} failed` : "";
  return `${numbers.processed} processed, ${numbers.processing} processing, ${numbers.stopped} stopped${failed}`;
}
