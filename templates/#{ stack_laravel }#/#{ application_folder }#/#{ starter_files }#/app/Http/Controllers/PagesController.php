<?php // The pages that visitors see.

namespace App\Http\Controllers;

use Illuminate\Contracts\View\View;

class PagesController
{
    public function home(): View
    {
        return view('home');
    }
}
